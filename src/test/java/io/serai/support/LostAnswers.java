package io.serai.support;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.Callable;

/**
 * Connections that lose the answer to one statement when told: the sender hears that the connection
 * broke, the server commits before that or later.
 */
public final class LostAnswers implements OwnConnection.Source {
  private enum Next {
    ANSWERED,
    LOST,
    LATE,
    BROKEN
  }

  private final OwnConnection.Source source;
  private final String statement;
  private volatile Next next = Next.ANSWERED;
  private volatile Callable<?> late;

  /**
   * Over others.
   *
   * @param statement words of the statement whose answer is lost
   */
  public LostAnswers(OwnConnection.Source source, String statement) {
    this.source = source;
    this.statement = statement;
  }

  /** The next one is committed, and nobody hears of it. */
  public void loseNext() {
    next = Next.LOST;
  }

  /**
   * The connection breaks before the server hears of the next one, and it undoes what came before.
   */
  public void breakNext() {
    next = Next.BROKEN;
  }

  /** The next one is given up before the server is at it. */
  public void delayNext() {
    next = Next.LATE;
  }

  /** The server does what was delayed. */
  public void commitLate() throws Exception {
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
              return result instanceof PreparedStatement prepared
                      && arguments[0].toString().contains(statement)
                  ? losing(prepared)
                  : result;
            });
  }

  private PreparedStatement losing(PreparedStatement prepared) {
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
              if (how == Next.BROKEN) {
                prepared.getConnection().close();
                throw new SQLException("The connection broke", "08006");
              }
              if (how == Next.LATE) {
                late = () -> method.invoke(prepared, arguments);
                throw new SQLException("The connection broke", "08006");
              }
              var result = call(() -> method.invoke(prepared, arguments));
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
