package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.topic.TopicAccess;

/** What an account says of its brokers, as its parameters say. */
final class AccountTopics {
  private AccountTopics() {}

  static TopicAccess access(Account account) {
    return new TopicAccess(
        account.name(),
        TopicAccess.brokers(account.texts("bootstrap-servers")),
        account.text("security-protocol"),
        account.text("sasl-mechanism"),
        account.text("username"),
        secret(account, "password"),
        account.text("ca-certificate"),
        account.text("client-certificate"),
        secret(account, "client-key"),
        account.profile().deadlines().connect(),
        account.profile().deadlines().call());
  }

  private static String secret(Account account, String parameter) {
    return account.has(parameter) ? account.secret(parameter).reveal() : null;
  }
}
