package io.serai.camel;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import io.serai.catalog.Account;
import io.serai.failure.FailureKind;
import io.serai.transport.Mailbox;
import io.serai.transport.MailboxException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.component.file.remote.RemoteFileConfiguration;
import org.apache.camel.component.file.remote.SftpComponent;
import org.apache.camel.component.file.remote.SftpConfiguration;
import org.apache.camel.component.file.remote.SftpEndpoint;
import org.apache.camel.component.file.remote.SftpOperations;

/**
 * A partner's folders on an SFTP server. Camel makes the session; the files we list and move
 * ourselves, because what an answer was decides what happens next.
 *
 * <p>Guarantee: nothing is said to a server whose key the account does not name, not even who we
 * are.
 */
final class SftpMailbox implements Mailbox {
  /** Types of keys to ask a server for that shows one other than the one known. */
  private static final List<String> TYPES =
      List.of(
          "ssh-ed25519",
          "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521",
          "rsa-sha2-512,rsa-sha2-256");

  private static final int PERMISSIONS = SftpATTRS.SSH_FILEXFER_ATTR_PERMISSIONS;

  private final Session session;
  private final ChannelSftp channel;

  private SftpMailbox(Session session, ChannelSftp channel) {
    this.session = session;
    this.channel = channel;
  }

  /** Makes the session, as a route that begins at {@code sftp:} would. */
  private static final class Sessions extends SftpOperations {
    Session session(RemoteFileConfiguration configuration) throws JSchException {
      return createSession(configuration);
    }
  }

  /** Connects to an account's server. */
  static SftpMailbox open(Account account, CamelContext context) throws IOException {
    HostKeys keys;
    try {
      keys = new HostKeys(account.texts("host-key"));
    } catch (IllegalArgumentException e) {
      throw new MailboxException(
          FailureKind.AUTH,
          "The server is not asked, because %s. Correct it.".formatted(e.getMessage()),
          e);
    }
    var connect = account.profile().deadlines().connect();
    var call = account.profile().deadlines().call();
    try {
      return open(configuration(account, connect, call), context, keys, null, connect);
    } catch (MailboxException e) {
      if (keys.known() || keys.shown() == null || !keys.ofUnknownType()) {
        throw e;
      }
      for (var type : TYPES) {
        try {
          return open(configuration(account, connect, call), context, keys, type, connect);
        } catch (MailboxException another) {
          if (keys.known()) {
            throw another; // the right server, and something else is wrong
          }
        }
      }
      throw e;
    }
  }

  private static SftpMailbox open(
      SftpConfiguration configuration,
      CamelContext context,
      HostKeys keys,
      String type,
      Duration connect)
      throws IOException {
    var where = configuration.getHost() + ":" + configuration.getPort();
    Session session = null;
    try {
      var sessions = new Sessions();
      var endpoint =
          new SftpEndpoint(
              "sftp:" + where, context.getComponent("sftp", SftpComponent.class), configuration);
      endpoint.setCamelContext(context);
      sessions.setEndpoint(endpoint);
      session = sessions.session(configuration);
      session.setHostKeyRepository(keys);
      session.setDaemonThread(true);
      if (type != null) {
        session.setConfig("server_host_key", type);
      }
      session.connect((int) connect.toMillis());
      var channel = (ChannelSftp) session.openChannel("sftp");
      channel.connect((int) connect.toMillis());
      return new SftpMailbox(session, channel);
    } catch (JSchException e) {
      if (session != null) {
        session.disconnect();
      }
      throw named(where, configuration.getUsername(), keys, e);
    }
  }

  private static SftpConfiguration configuration(Account account, Duration connect, Duration call) {
    var configuration = new SftpConfiguration();
    configuration.setHost(account.text("host"));
    configuration.setPort(account.number("port").intValue());
    configuration.setUsername(account.text("username"));
    var methods = new ArrayList<String>();
    if (account.has("private-key")) {
      methods.add("publickey");
      configuration.setPrivateKey(account.secret("private-key").bytes());
      if (account.has("passphrase")) {
        configuration.setPrivateKeyPassphrase(account.secret("passphrase").reveal());
      }
    }
    if (account.has("password")) {
      methods.add("password");
      methods.add("keyboard-interactive");
      configuration.setPassword(account.secret("password").reveal());
    }
    configuration.setPreferredAuthentications(String.join(",", methods));
    configuration.setStrictHostKeyChecking("yes");
    configuration.setUseUserKnownHostsFile(false);
    configuration.setConnectTimeout((int) connect.toMillis());
    configuration.setSoTimeout((int) call.toMillis());
    return configuration;
  }

  private static MailboxException named(String where, String user, HostKeys keys, JSchException e) {
    var message = String.valueOf(e.getMessage());
    var lower = message.toLowerCase(Locale.ROOT);
    if (!keys.known() && keys.shown() != null) {
      return new MailboxException(
          FailureKind.AUTH,
          "Server '%s' shows key '%s', and the account's 'host-key' names another. Nothing was said to it. Ask the partner whether it changed its key, and set 'host-key' if it did."
              .formatted(where, keys.shown()),
          e);
    }
    if (lower.startsWith("auth ") || lower.contains("userauth fail")) {
      return new MailboxException(
          FailureKind.AUTH,
          "Server '%s' does not let '%s' in. Correct 'username', 'password' or 'private-key'."
              .formatted(where, user),
          e);
    }
    if (lower.contains("privatekey") || lower.contains("private key")) {
      return new MailboxException(
          FailureKind.AUTH,
          "The account's 'private-key' cannot be read. Set a PEM or OpenSSH key, and its 'passphrase' if it has one.",
          e);
    }
    return new MailboxException(
        FailureKind.TRANSIENT, "Server '%s' cannot be reached (%s).".formatted(where, message), e);
  }

  @Override
  public List<Entry> list(String folder, int most) throws IOException {
    var entries = new ArrayList<Entry>();
    try {
      channel.ls(
          folder,
          found -> {
            var name = found.getFilename();
            if (!name.equals(".") && !name.equals("..")) {
              entries.add(entry(name, found.getAttrs()));
            }
            return entries.size() < most
                ? ChannelSftp.LsEntrySelector.CONTINUE
                : ChannelSftp.LsEntrySelector.BREAK;
          });
    } catch (SftpException e) {
      throw named(folder, e);
    }
    return entries;
  }

  private static Entry entry(String name, SftpATTRS seen) {
    return new Entry(
        name,
        seen.getSize(),
        Instant.ofEpochSecond(Integer.toUnsignedLong(seen.getMTime())),
        (seen.getFlags() & PERMISSIONS) == 0 || seen.isReg());
  }

  @Override
  public Optional<Entry> look(String path) throws IOException {
    try {
      return Optional.of(entry(path.substring(path.lastIndexOf('/') + 1), channel.lstat(path)));
    } catch (SftpException e) {
      if (e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE) {
        return Optional.empty();
      }
      throw named(path, e);
    }
  }

  @Override
  public byte[] read(String path, long size, int most) throws IOException {
    try (InputStream in = channel.get(path)) {
      return Mailbox.read(in, size, most);
    } catch (SftpException e) {
      throw named(path, e);
    }
  }

  @Override
  public void write(String path, byte[] content) throws IOException {
    try {
      channel.put(new ByteArrayInputStream(content), path, ChannelSftp.OVERWRITE);
    } catch (SftpException e) {
      throw named(path, e);
    }
  }

  @Override
  public void move(String from, String to) throws IOException {
    // some servers would replace what is there
    if (look(to).isPresent()) {
      throw new MailboxException(
          FailureKind.REFUSED, "'%s' is in the way of a file.".formatted(to), null);
    }
    try {
      channel.rename(from, to);
    } catch (SftpException e) {
      throw named(from, e);
    }
  }

  @Override
  public void delete(String path) throws IOException {
    try {
      channel.rm(path);
    } catch (SftpException e) {
      if (e.id != ChannelSftp.SSH_FX_NO_SUCH_FILE) {
        throw named(path, e);
      }
    }
  }

  @Override
  public void makeFolder(String folder) throws IOException {
    if (look(folder).isEmpty()) {
      try {
        channel.mkdir(folder);
      } catch (SftpException e) {
        throw named(folder, e);
      }
    }
  }

  @Override
  public void close() {
    channel.disconnect();
    session.disconnect();
  }

  private static MailboxException named(String path, SftpException e) {
    return switch (e.id) {
      case ChannelSftp.SSH_FX_PERMISSION_DENIED ->
          new MailboxException(
              FailureKind.AUTH,
              "'%s' may not be used. Have the partner grant it.".formatted(path),
              e);
      case ChannelSftp.SSH_FX_NO_SUCH_FILE ->
          new MailboxException(
              FailureKind.TRANSIENT, "'%s' is not there. Have it made.".formatted(path), e);
      default ->
          new MailboxException(
              FailureKind.TRANSIENT, "'%s' failed (%s).".formatted(path, e.getMessage()), e);
    };
  }
}
