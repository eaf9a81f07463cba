package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai users} and {@code serai tokens}: who may do what. */
final class AccessCommands {
  private AccessCommands() {}

  @Command(
      name = "users",
      description = "See who may do what.",
      subcommands = {Me.class, ListUsers.class})
  static final class Users {}

  @Command(
      name = "me",
      description = "Show who the credentials belong to and what that may do.",
      footer = {"Example:", "  serai users me"})
  static final class Me extends OperatorVerb {
    Me(Session session) {
      super(session);
    }

    @Override
    void run() {
      var me = hub().get("/me");
      if (asJson(me)) {
        return;
      }
      field("name", at(me, "name"));
      field("role", at(me, "role"));
      field("may", listed(me, "may"));
      for (var denied : me.path("mayNot")) {
        field("may not", at(denied, "verb") + ": " + at(denied, "sentence"));
      }
      field("only channels", listed(me, "channels"));
    }
  }

  @Command(
      name = "list",
      description = "List everybody with a password, by name.",
      footer = {"Example:", "  serai users list"})
  static final class ListUsers extends OperatorVerb {
    ListUsers(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().get("/users");
      if (asJson(list)) {
        return;
      }
      var table = table().text("USER", "ROLE");
      for (var user : list.path("items")) {
        table.row(at(user, "name"), at(user, "role"));
      }
      table.print();
    }
  }

  @Command(
      name = "tokens",
      description = "Make, list and revoke the tokens of programs.",
      subcommands = {ListTokens.class, Create.class, Revoke.class})
  static final class Tokens {}

  @Command(
      name = "list",
      description = "List tokens, those that are not revoked first.",
      footer = {"Example:", "  serai tokens list"})
  static final class ListTokens extends ListVerb {
    ListTokens(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().list("/tokens", most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("TOKEN", "NAME", "ROLE")
              .state("STATE")
              .text("ONLY", "CHANNELS", "EXPIRES", "LAST USED", "MADE BY");
      for (var token : list.path("items")) {
        table.row(
            at(token, "id"),
            at(token, "name"),
            at(token, "role"),
            at(token, "state"),
            listed(token, "verbs"),
            listed(token, "channels"),
            time(token, "expiresAt"),
            time(token, "lastUsedAt"),
            at(token, "madeBy"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "No token was made yet.", "add --limit.");
    }
  }

  @Command(
      name = "create",
      description = "Make a token; its secret is printed once.",
      footer = {
        "Examples:",
        "  serai tokens create erp --role operator --only orders:create --days 90 --reason 'the ERP sends orders'",
        "  serai tokens create till --role support --channel pos-berlin --reason 'the shop looks up orders'"
      })
  static final class Create extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "NAME", description = "The audit names it token:NAME.")
    String name;

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        required = true,
        description = "viewer, support, operator, integrator, approver or admin.")
    String role;

    @Option(
        names = "--only",
        paramLabel = "VERB",
        description =
            "Bound to this of its role, as stock or orders:hold; may be repeated. 'serai users me' lists them.")
    List<String> verbs;

    @Option(
        names = "--channel",
        paramLabel = "CHANNEL",
        description = "Bound to this channel; may be repeated.")
    List<String> channels;

    @Option(
        names = "--days",
        paramLabel = "N",
        description = "How long it lasts; 90 when absent, 366 at most.")
    Integer days;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "What for.")
    String reason;

    Create(Session session) {
      super(session);
    }

    @Override
    void run() {
      var made =
          hub()
              .post(
                  "/tokens",
                  Hub.body(
                      "name",
                      name,
                      "role",
                      role,
                      "verbs",
                      verbs,
                      "channels",
                      channels,
                      "days",
                      days,
                      "reason",
                      reason));
      if (!asJson(made)) {
        say(at(made, "secret"));
        session
            .terminal()
            .err()
            .println(
                "%s '%s' lasts until %s. Keep the secret above: nobody can show it again."
                    .formatted(
                        at(made, "/token/id"),
                        at(made, "/token/name"),
                        time(made.path("token"), "expiresAt")));
        session.terminal().err().flush();
      }
    }
  }

  @Command(
      name = "revoke",
      description = "End a token at once.",
      footer = {"Example:", "  serai tokens revoke tok_3 --reason 'the ERP was replaced'"})
  static final class Revoke extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "TOKEN", description = "The token's id (tok_…).")
    String id;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    Revoke(Session session) {
      super(session);
    }

    @Override
    void run() {
      var token = hub().post("/tokens/" + Hub.segment(id) + "/revoke", Hub.body("reason", reason));
      if (!asJson(token)) {
        say("%s '%s' opens nothing any more.", at(token, "id"), at(token, "name"));
      }
    }
  }

  private static String listed(JsonNode node, String name) {
    var words = new ArrayList<String>();
    node.path(name).forEach(word -> words.add(word.asText()));
    return String.join(" ", words);
  }
}
