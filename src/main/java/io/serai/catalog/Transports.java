package io.serai.catalog;

import io.serai.catalog.ConnectorProfile.Parameter;
import io.serai.catalog.ConnectorProfile.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How files get from a partner to the hub and back. A profile names the ways its accounts may take
 * under {@code transports}; what an account then says of the way it takes are the same parameters
 * everywhere.
 */
public final class Transports {
  /** The parameter by which an account chooses. */
  public static final String PARAMETER = "transport";

  /** The partner's SFTP server, or one of ours that the partner uses. */
  public static final String SFTP = "sftp";

  /** A folder of this machine. */
  public static final String FOLDER = "folder";

  /** What the partner posts to the account's webhook address. */
  public static final String UPLOAD = "upload";

  /** Messages between the partner's AS2 server and ours. */
  public static final String AS2 = "as2";

  /** Ways a profile may name. */
  public static final List<String> ALL = List.of(UPLOAD, SFTP, AS2, FOLDER);

  private static final Map<String, List<Parameter>> OF = new LinkedHashMap<>();

  static {
    var inbox =
        text("inbox-folder", "The folder that files are taken from; without it none are", null);
    var outbox =
        text("outbox-folder", "The folder that files are put into; without it none are", null);
    var pattern =
        text(
            "file-pattern",
            "Which files are taken, as '*.edi'; several with commas between them",
            "*");
    var settled =
        new Parameter(
            "settled-after",
            "How long a file has to stand still before it counts as whole, as '30s'",
            Type.DURATION,
            false,
            false,
            false,
            "30s",
            List.of());
    var patience =
        new Parameter(
            "unfinished-after",
            "How long a file without its end is waited for before it is taken as it is, as '15m'",
            Type.DURATION,
            false,
            false,
            false,
            "15m",
            List.of());
    var then =
        choice(
            "taken-files",
            "What becomes of a file that was taken",
            List.of("archive", "delete", "leave"));
    var archive =
        text(
            "archive-folder",
            "Where files that were taken are moved to; a name without a slash is below the inbox folder",
            "archive");
    var schedule =
        text(
            "file-schedule",
            "When files are looked for, as a Quartz cron expression",
            "*/15 * * * * ?");
    var files = List.of(inbox, outbox, pattern, settled, patience, then, archive, schedule);
    var sftp =
        new ArrayList<>(
            List.of(
                text("host", "The SFTP server's name", null),
                new Parameter(
                    "port", "Its port", Type.INTEGER, false, false, false, "22", List.of()),
                text("username", "Who we are there", null),
                secret("password", "Proves it"),
                secret("private-key", "Proves it in place of a password, as a PEM or OpenSSH key"),
                secret("passphrase", "Opens the private key"),
                new Parameter(
                    "host-key",
                    "The server's key, as a fingerprint SHA256:… or a line of known_hosts; several while it is being changed",
                    Type.TEXT,
                    false,
                    false,
                    true,
                    null,
                    List.of())));
    sftp.addAll(files);
    OF.put(UPLOAD, List.of());
    OF.put(SFTP, List.copyOf(sftp));
    OF.put(AS2, As2Settings.PARAMETERS);
    OF.put(FOLDER, files);
  }

  private Transports() {}

  /** What accounts may set that choose among these ways, by name. */
  static Map<String, Parameter> parameters(List<String> ways) {
    var all = new LinkedHashMap<String, Parameter>();
    if (ways.isEmpty()) {
      return all;
    }
    var upload = ways.contains(UPLOAD);
    all.put(
        PARAMETER,
        new Parameter(
            PARAMETER,
            "How files come and go",
            Type.CHOICE,
            !upload && ways.size() > 1,
            false,
            false,
            upload ? UPLOAD : ways.size() == 1 ? ways.get(0) : null,
            List.copyOf(ways)));
    for (var way : ways) {
      OF.get(way).forEach(parameter -> all.putIfAbsent(parameter.name(), parameter));
    }
    return all;
  }

  /** Whether an account takes a way. */
  public static boolean takes(Account account, String way) {
    return account.profile().transports().contains(way) && way.equals(account.text(PARAMETER));
  }

  /** What the accounts of a way may set. */
  public static List<Parameter> of(String way) {
    return OF.get(way);
  }

  /** Whether a parameter is one that a way brings, and not the profile's own. */
  static boolean brings(ConnectorProfile profile, String parameter) {
    return profile.transports().stream()
        .flatMap(way -> OF.get(way).stream())
        .anyMatch(p -> p.name().equals(parameter));
  }

  /**
   * What misses for the way that an account takes, or null.
   *
   * @return the parameter, or two of which one is enough with 'or' between them
   */
  static String missing(ConnectorProfile profile, Map<String, List<Object>> values) {
    if (profile.transports().isEmpty() || values.get(PARAMETER) == null) {
      return null;
    }
    var way = values.get(PARAMETER).get(0);
    if (UPLOAD.equals(way)
        && profile.parameters().containsKey("upload-token")
        && values.get("upload-token") == null) {
      return "upload-token";
    }
    if (SFTP.equals(way)) {
      for (var needed : List.of("host", "username", "host-key")) {
        if (values.get(needed) == null) {
          return needed;
        }
      }
      if (values.get("password") == null && values.get("private-key") == null) {
        return "private-key' or 'password";
      }
    }
    if (AS2.equals(way)) {
      for (var needed : As2Settings.NEEDED) {
        if (values.get(needed) == null) {
          return needed;
        }
      }
    }
    if ((SFTP.equals(way) || FOLDER.equals(way))
        && values.get("inbox-folder") == null
        && values.get("outbox-folder") == null) {
      return "inbox-folder' or 'outbox-folder";
    }
    return null;
  }

  private static Parameter text(String name, String description, String fallback) {
    return new Parameter(name, description, Type.TEXT, false, false, false, fallback, List.of());
  }

  private static Parameter secret(String name, String description) {
    return new Parameter(name, description, Type.TEXT, false, true, false, null, List.of());
  }

  private static Parameter choice(String name, String description, List<String> choices) {
    return new Parameter(
        name, description, Type.CHOICE, false, false, false, choices.get(0), choices);
  }
}
