package io.serai.deadletter;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What follows when a person, not a partner, ends a delivery: the order learns of it as it would
 * from the partner. Called inside the transaction that ends it: what it writes is true when the
 * verdict is, and an exception undoes both.
 */
public interface Aftermath {
  /** A person found that the delivery had its effect. */
  void confirmed(Connection connection, long delivery, String reference) throws SQLException;

  /** A person decided that the delivery is not owed any more. */
  void discarded(Connection connection, long delivery, String reason) throws SQLException;

  /** Nothing follows. */
  static Aftermath none() {
    return new Aftermath() {
      @Override
      public void confirmed(Connection connection, long delivery, String reference) {}

      @Override
      public void discarded(Connection connection, long delivery, String reason) {}
    };
  }
}
