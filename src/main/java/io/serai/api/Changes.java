package io.serai.api;

import io.serai.access.Audit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes a change and its audit entry true together.
 *
 * <p>Guarantee: both commit or neither, as far as the change uses the Spring transaction. Gap: a
 * change on a connection of its own is committed before the entry is written.
 */
public final class Changes {
  private final Audit audit;
  private final TransactionTemplate transaction;

  /** Changes of this database, told to this audit. */
  public Changes(DataSource database, Audit audit) {
    this.audit = audit;
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
  }

  <T> T make(Supplier<T> change) {
    return transaction.execute(status -> change.get());
  }

  <T> T audited(T result, Audit.Entry entry) {
    audit.write(entry);
    return result;
  }
}
