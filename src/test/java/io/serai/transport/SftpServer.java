package io.serai.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** An SFTP server in this process, over a folder, for one user. */
public final class SftpServer implements AutoCloseable {
  public static final String USER = "northwind";
  public static final String PASSWORD = "sftp-canary-password";

  private final SshServer server = SshServer.setUpDefaultServer();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile List<KeyPair> keys;
  private volatile KeyPair client;

  /** Over this folder, with one RSA key. */
  public SftpServer(Path root) {
    try {
      Files.createDirectories(root);
      keys = List.of(key("RSA", 2048));
      server.setHost("127.0.0.1");
      server.setPort(0);
      server.setKeyPairProvider(KeyPairProvider.wrap(keys));
      server.setPasswordAuthenticator(
          (user, password, session) -> {
            asked.incrementAndGet();
            return USER.equals(user) && PASSWORD.equals(password);
          });
      server.setPublickeyAuthenticator(
          (user, key, session) -> client != null && KeyUtils.compareKeys(key, client.getPublic()));
      server.setSubsystemFactories(List.of(new SftpSubsystemFactory.Builder().build()));
      server.setFileSystemFactory(new VirtualFileSystemFactory(root));
      CoreModuleProperties.TCP_NODELAY.set(server, true);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static KeyPair key(String algorithm, int size) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  public int port() {
    return server.getPort();
  }

  /** How often a password was tried here. */
  public int asked() {
    return asked.get();
  }

  /** From now on it shows these keys. */
  public void show(KeyPair... other) {
    keys = List.of(other);
    server.setKeyPairProvider(KeyPairProvider.wrap(keys));
  }

  /** From now on this key opens it, too. */
  public void let(KeyPair key) {
    client = key;
  }

  /** The fingerprint of the last of its keys. */
  public String fingerprint() {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, keys.get(keys.size() - 1).getPublic());
  }

  /** The last of its keys as a line of known_hosts. */
  public String knownHostsLine() {
    return "sftp.example "
        + PublicKeyEntry.toString(keys.get(keys.size() - 1).getPublic())
        + " a comment";
  }

  @Override
  public void close() {
    try {
      server.stop(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
