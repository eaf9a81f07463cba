package io.serai.inbox;

import io.serai.support.OwnConnection;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.Callable;

/**
 * Connections that lose the answer to one insert when told: the sender hears that the connection
 * broke, the server commits before that or later.
 */
final class LostAnswers implements OwnConnection.Source {
  private enum Next {
    ANSWERED,
    LOST,
    LATE
  }

  private final OwnConnection.Source source;
  private volatile Next next = Next.ANSWERED;
  private volatile Callable<?> late;

  LostAnswers(OwnConnection.Source source) {
    this.source = source;
  }

  /** The next insert is committed, and nobody hears of it. */
  void loseNext() {
    next = Next.LOST;
  }

  /** The next insert is given up before the server is at it. */
  void delayNext() {
    next = Next.LATE;
  }

  /** The server does what was delayed. */
  void commitLate() throws Exception {
    late.call();
  }

  @Override
  public Connection open() throws SQLException {
    var connection = source.open();
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              var result = call(() -> method.invoke(connection, arguments));
              return result instanceof PreparedStatement statement
                      && arguments[0].toString().contains("INSERT INTO inbox_message")
                  ? losing(statement)
                  : result;
            });
  }

  private PreparedStatement losing(PreparedStatement statement) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close") && late != null) {
                return null; // it is still at work
              }
              var how = method.getName().equals("execute") ? next : Next.ANSWERED;
              next = how == Next.ANSWERED ? next : Next.ANSWERED;
              if (how == Next.LATE) {
                late = () -> method.invoke(statement, arguments);
                throw new SQLException("The connection broke", "08006");
              }
              var result = call(() -> method.invoke(statement, arguments));
              if (how == Next.LOST) {
                throw new SQLException("The connection broke", "08006");
              }
              return result;
            });
  }

  private static Object call(Callable<?> work) throws Throwable {
    try {
      return work.call();
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
