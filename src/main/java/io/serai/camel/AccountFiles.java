package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.Transports;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.transport.FetchPlan;
import io.serai.transport.FolderMailbox;
import io.serai.transport.Mailbox;
import io.serai.transport.MailboxSource;
import java.util.Locale;
import org.apache.camel.CamelContext;

/** Where an account's files lie, as its parameters say. */
final class AccountFiles {
  /** Bytes of the largest file that is taken where the profile says nothing. */
  private static final int LARGEST = 48 << 20;

  private AccountFiles() {}

  /** How its folders are opened. */
  static MailboxSource mailboxes(Account account, CamelContext context) {
    var way = account.text(Transports.PARAMETER);
    return switch (way) {
      case Transports.FOLDER -> FolderMailbox::new;
      // loaded only by who uses it
      case Transports.SFTP -> () -> SftpMailbox.open(account, context);
      default ->
          throw new FailureException(
              Failure.of(
                  FailureKind.CONFIG,
                  "Account '%s' exchanges no files: its transport is '%s'. Set 'transport' to sftp or folder, then replay."
                      .formatted(account.name(), way),
                  Place.of(account.name())));
    };
  }

  /** How its files are fetched. */
  static FetchPlan plan(Account account, String document) {
    var folder = account.text("inbox-folder");
    var archive = account.text("archive-folder");
    var largest = account.profile().events().largest();
    return new FetchPlan(
        account.name(),
        document,
        folder,
        account.text("file-pattern"),
        account.duration("settled-after"),
        account.duration("unfinished-after"),
        FetchPlan.Then.valueOf(account.text("taken-files").toUpperCase(Locale.ROOT)),
        archive.contains("/") ? archive : Mailbox.path(folder, archive),
        largest == 0 ? LARGEST : largest);
  }
}
