package io.serai.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * An SFTP server on 127.0.0.1 for one user who knows its password, with a host key of its own that
 * it keeps.
 *
 * <p>It tells of a file when it was closed after writing or renamed. A name that begins with a dot
 * or ends as those of unfinished files do is told of when it is renamed only.
 */
final class SftpFace implements AutoCloseable {

  private final SshServer server = SshServer.setUpDefaultServer();
  private final Path root;
  private final Consumer<Path> arrived;
  private final String user;
  private final String password;

  /**
   * Begins to listen.
   *
   * @param port where, 0 for a free one
   * @param root what the user sees
   * @param moods a login fails under any of those that touch calls
   * @param arrived is told of each file that somebody finished
   */
  SftpFace(
      int port,
      Path root,
      Path hostKey,
      String user,
      String password,
      Moods moods,
      Consumer<Path> arrived) {
    this.root = root;
    this.arrived = arrived;
    this.user = user;
    this.password = password;
    server.setHost("127.0.0.1");
    server.setPort(port);
    var keys = new SimpleGeneratorHostKeyProvider(hostKey);
    keys.setAlgorithm(KeyUtils.EC_ALGORITHM);
    keys.setKeySize(256);
    server.setKeyPairProvider(keys);
    server.setUserAuthFactories(List.of(UserAuthPasswordFactory.INSTANCE));
    server.setPasswordAuthenticator(
        (name, given, session) ->
            moods.onCall(List.of("login")).isEmpty()
                && name.equals(user)
                && given.equals(password));
    server.setFileSystemFactory(new VirtualFileSystemFactory(root));
    var sftp = new SftpSubsystemFactory.Builder().build();
    sftp.addSftpEventListener(new Listener());
    server.setSubsystemFactories(List.of(sftp));
    try {
      Files.createDirectories(root);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Port %d cannot be listened on; free it or take another.".formatted(port), e);
    }
  }

  int port() {
    return server.getPort();
  }

  /** The host key, as a line of a file of known hosts has it behind the host's name. */
  String hostKey() {
    try {
      var keys = server.getKeyPairProvider().loadKeys(null);
      return PublicKeyEntry.toString(keys.iterator().next().getPublic());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What a hub on this machine has to be told to exchange files: parameters of transport sftp. What
   * is for it lies in {@code outgoing}, what is from it goes to {@code incoming}.
   */
  Map<String, Object> parameters() {
    var all = new LinkedHashMap<String, Object>();
    all.put("transport", "sftp");
    all.put("host", "127.0.0.1");
    all.put("port", port());
    all.put("username", user);
    all.put("password", password);
    all.put("host-key", hostKey());
    all.put("inbox-folder", "outgoing");
    all.put("outbox-folder", "incoming");
    all.put("settled-after", "0s");
    all.put("file-schedule", "*/2 * * * * ?");
    return all;
  }

  /** Whether a file of this name is not finished yet. */
  static boolean unfinished(String name) {
    return name.startsWith(".")
        || name.toLowerCase(Locale.ROOT).matches(".*\\.(tmp|part|filepart|inprogress)");
  }

  @Override
  public void close() {
    try {
      server.stop(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tell(Path seen) {
    var file = root.resolve(seen.toString().replaceFirst("^/+", ""));
    if (!unfinished(file.getFileName().toString())) {
      arrived.accept(file);
    }
  }

  private final class Listener implements SftpEventListener {
    @Override
    public void closed(ServerSession session, String handle, Handle local, Throwable thrown) {
      if (thrown == null
          && local instanceof FileHandle file
          && file.getOpenOptions().contains(StandardOpenOption.WRITE)) {
        tell(local.getFile());
      }
    }

    @Override
    public void moved(
        ServerSession session,
        Path from,
        Path to,
        Collection<CopyOption> options,
        Throwable thrown) {
      if (thrown == null) {
        tell(to);
      }
    }
  }
}
