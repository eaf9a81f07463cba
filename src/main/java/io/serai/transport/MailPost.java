package io.serai.transport;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Sha256;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * Sends mails of an account over SMTP.
 *
 * <p>Guarantee: who a mail is from and to stands in the account alone, and nothing of a mail
 * becomes a header but one line of its subject; with {@code STARTTLS} and {@code TLS} neither the
 * password nor a mail goes over a connection that is not private, to a server of another name. All
 * attempts under one key bear one Message-ID. Gap: when the server's last answer is lost, the mail
 * may come twice.
 */
public final class MailPost {
  private static final int LONGEST_SUBJECT = 200;

  /** How a connection is kept private. */
  public enum Security {
    /** The server has to offer it before anything else is said. */
    STARTTLS,
    /** From the first byte on. */
    TLS,
    /** Not at all. */
    NONE
  }

  /**
   * Where mails go, and by whose name.
   *
   * @param account as sentences name it
   * @param username who logs in, or null when nobody has to
   * @param connect how long connecting may take
   * @param call how long each answer may take
   */
  public record Settings(
      String account,
      String host,
      int port,
      Security security,
      String username,
      String password,
      String sender,
      List<String> recipients,
      Duration connect,
      Duration call) {
    @Override
    public String toString() {
      return "Settings[account=%s, host=%s, port=%d]".formatted(account, host, port);
    }
  }

  /**
   * What to send.
   *
   * @param subject of which one line is used
   * @param thread what mails that belong together have in common, or null
   */
  public record Mail(String subject, String text, String thread) {}

  private final Settings settings;
  private final Session session;
  private final InternetAddress sender;
  private final InternetAddress[] recipients;

  /**
   * Sends by these settings.
   *
   * @throws IllegalArgumentException when an address is none
   */
  public MailPost(Settings settings) {
    this.settings = settings;
    this.session = Session.getInstance(properties(settings));
    try {
      this.sender = new InternetAddress(settings.sender(), true);
      this.recipients = InternetAddress.parse(String.join(",", settings.recipients()), true);
    } catch (AddressException e) {
      throw new IllegalArgumentException(
          "Account '%s' has a mail address that is none: %s. Correct 'sender' or 'recipients'."
              .formatted(settings.account(), line(said(e))),
          e);
    }
  }

  private static Properties properties(Settings settings) {
    var properties = new Properties();
    for (var protocol : List.of("smtp", "smtps")) {
      var at = "mail." + protocol + '.';
      properties.put(at + "connectiontimeout", Long.toString(settings.connect().toMillis()));
      properties.put(at + "timeout", Long.toString(settings.call().toMillis()));
      properties.put(at + "writetimeout", Long.toString(settings.call().toMillis()));
      properties.put(at + "ssl.checkserveridentity", "true");
      properties.put(at + "quitwait", "false");
    }
    var starttls = Boolean.toString(settings.security() == Security.STARTTLS);
    properties.put("mail.smtp.starttls.enable", starttls);
    properties.put("mail.smtp.starttls.required", starttls);
    return properties;
  }

  /**
   * Sends one mail to all recipients, or to none.
   *
   * @param key what all attempts have in common
   * @return its Message-ID
   * @throws FailureException when it was not taken, or nobody knows
   */
  public String send(String key, Mail mail, Instant at) {
    try {
      var message = message(key, mail, at);
      try (var transport =
          (SMTPTransport)
              session.getTransport(settings.security() == Security.TLS ? "smtps" : "smtp")) {
        transport.connect(
            settings.host(), settings.port(), settings.username(), settings.password());
        transport.sendMessage(message, recipients);
      }
      return message.getMessageID();
    } catch (MessagingException e) {
      throw new FailureException(Failure.of(kind(e), sentence(e), Place.of(settings.account())));
    }
  }

  private MimeMessage message(String key, Mail mail, Instant at) throws MessagingException {
    var id = id(key);
    var message =
        new MimeMessage(session) {
          @Override
          protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
          }
        };
    message.setFrom(sender);
    message.setRecipients(Message.RecipientType.TO, recipients);
    message.setSubject(line(mail.subject()), StandardCharsets.UTF_8.name());
    message.setText(mail.text(), StandardCharsets.UTF_8.name());
    message.setSentDate(Date.from(at));
    message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no absence notes back
    if (mail.thread() != null) {
      message.setHeader("References", id(mail.thread()));
    }
    message.saveChanges();
    return message;
  }

  // Whatever it is made of, an id is letters, digits and the sender's own domain.
  private String id(String key) {
    var address = sender.getAddress();
    return "<%s@%s>"
        .formatted(
            Sha256.hex(key.getBytes(StandardCharsets.UTF_8)).substring(0, 32),
            address.substring(address.indexOf('@') + 1));
  }

  /** One line: a line end in a subject would begin a header of its own. */
  static String line(String text) {
    var line = text.replaceAll("[\\s\\p{Cc}\\p{Zl}\\p{Zp}]+", " ").strip();
    return line.length() > LONGEST_SUBJECT ? line.substring(0, LONGEST_SUBJECT) + "…" : line;
  }

  private static FailureKind kind(MessagingException fault) {
    if (fault instanceof AuthenticationFailedException) {
      return FailureKind.AUTH;
    }
    for (Throwable at = fault; at != null; at = next(at)) {
      if (at instanceof CertificateException || said(at).startsWith("STARTTLS is required")) {
        return FailureKind.CONFIG;
      }
      int code = code(at);
      if (code >= 500) {
        return FailureKind.REFUSED;
      }
      if (code >= 400) {
        return FailureKind.TRANSIENT;
      }
    }
    return FailureKind.TRANSIENT;
  }

  private String sentence(MessagingException fault) {
    var kind = kind(fault);
    var last = new StringBuilder();
    for (Throwable at = fault; at != null; at = next(at)) {
      if (!said(at).isEmpty() && last.indexOf(line(said(at))) < 0) {
        last.append(last.isEmpty() ? "" : ": ").append(line(said(at)));
      }
    }
    return "The mail server of '%s' %s (%s). %s"
        .formatted(
            settings.account(),
            switch (kind) {
              case AUTH -> "refuses the user name or the password";
              case REFUSED -> "refused a mail";
              case CONFIG -> "cannot be trusted";
              default -> "did not take a mail";
            },
            line(last.toString()),
            switch (kind) {
              case AUTH -> "Renew them, then replay.";
              case REFUSED -> "Look at sender and recipients, then replay.";
              case CONFIG -> "Correct 'host', 'security' or its certificate, then replay.";
              default -> "It is tried again.";
            });
  }

  private static String said(Throwable fault) {
    return fault.getMessage() == null ? "" : fault.getMessage();
  }

  private static Throwable next(Throwable fault) {
    var next =
        fault instanceof MessagingException mail && mail.getNextException() != null
            ? mail.getNextException()
            : fault.getCause();
    return next == fault ? null : next;
  }

  private static int code(Throwable fault) {
    return switch (fault) {
      case SMTPAddressFailedException address -> address.getReturnCode();
      case SMTPSenderFailedException sender -> sender.getReturnCode();
      case SMTPSendFailedException send -> send.getReturnCode();
      default -> 0;
    };
  }
}
