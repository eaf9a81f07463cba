package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** One search finds whatever goes by a key. */
@ResourceLock(ApiHub.SHARED)
class SearchApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String unique = UUID.randomUUID().toString();
  private final String account = "shop-" + unique;
  private final int number = ThreadLocalRandom.current().nextInt(100_000_000, 200_000_000);

  private List<String> find(String q) {
    var found = new ArrayList<String>();
    hub.get("/search?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8))
        .json()
        .path("items")
        .forEach(
            hit ->
                found.add(
                    "%s %s %s"
                        .formatted(
                            hit.path("kind").asText(),
                            hit.path("id").asText(),
                            hit.path("by").asText())));
    return found;
  }

  private String interchange(String direction, String control, String file) {
    var id =
        hub.jdbc
            .sql(
                """
                INSERT INTO interchange (account, direction, usage, sender, receiver, control, state, file_name,
                  content_sha256, created_at)
                VALUES (?, ?, 'P', 'ZZ/A', 'ZZ/B', ?, 'ACCEPTED', ?, '\\x00', now()) RETURNING id
                """)
            .params(account, direction, control, file)
            .query(Long.class)
            .single();
    hub.jdbc
        .sql(
            """
            INSERT INTO interchange_set (interchange_id, place, account, direction, functional_id, group_control,
              set_id, control, subject, outcome, created_at)
            VALUES (?, 1, ?, ?, 'PO', ?, '850', ?, ?, 'ACCEPTED', now())
            """)
        .params(
            id, account, direction, "7" + control.substring(1), "8" + control.substring(1), unique)
        .update();
    return "itc_" + id;
  }

  @Test
  void anOrderIsFoundByEachOfItsKeysAndSaysByWhich() {
    var id =
        io.serai.support.Ids.text(
            "ord", hub.order(account, "c-" + unique, "#n-" + unique, unique + "@example.com"));

    assertThat(find("c-" + unique)).containsExactly("order %s channel's number".formatted(id));
    assertThat(find("n-" + unique)).containsExactly("order %s order number".formatted(id));
    assertThat(find("email:" + unique + "@EXAMPLE.com"))
        .containsExactly("order %s e-mail".formatted(id));
    assertThat(find(id)).containsExactly("order %s id".formatted(id));
    assertThat(find("sku:c-" + unique)).isEmpty();
  }

  @Test
  void aFileAndTheNumbersInItLeadToTheInterchange() {
    var control = Integer.toString(number);
    var id = interchange("IN", control, unique + ".edi");

    assertThat(find(control)).containsExactly("interchange %s interchange number".formatted(id));
    assertThat(find("isa:00" + control)).hasSize(1);
    assertThat(find(unique + ".edi")).containsExactly("interchange %s file name".formatted(id));
    assertThat(find("gs:7" + control.substring(1)))
        .containsExactly("interchange %s group number".formatted(id));
    assertThat(find("st:8" + control.substring(1)))
        .containsExactly("interchange %s set number".formatted(id));
    assertThat(find("8" + control.substring(1))).isEmpty();
    assertThat(find("po:" + unique)).containsExactly("interchange %s purchase order".formatted(id));
    assertThat(find(id)).containsExactly("interchange %s id".formatted(id));
  }

  @Test
  void zerosInFrontOfAControlNumberDoNotMatter() {
    var bare = Integer.toString(number).substring(3);
    interchange("IN", "000" + bare, null);

    assertThat(find("isa:" + bare)).hasSize(1);
  }

  @Test
  void aMessageIsFoundByItsSendersIdAndWhileItIsOpenByItsKey() {
    var id = hub.parkedMessage(account, "{}", "It stopped.");
    var row =
        hub.jdbc
            .sql("SELECT dedupe_key, split_part(lane, '/', 2) FROM inbox_message WHERE id = ?")
            .param(Long.parseLong(id.substring(4)))
            .query((found, n) -> List.of(found.getString(1), found.getString(2)))
            .single();

    assertThat(find(id)).containsExactly("message %s id".formatted(id));
    assertThat(find("message:" + row.get(0))).contains("message %s message's id".formatted(id));
    assertThat(find("message:" + row.get(1))).contains("message %s message's key".formatted(id));
  }

  @Test
  void anArticleIsFoundByItsCodeHoweverManyZerosStandBeforeIt() {
    var gtin = "40" + number + "1";
    hub.jdbc
        .sql(
            "INSERT INTO cross_reference (account, code, sku, quantity, updated_at) VALUES ('', ?, ?, 1, now())")
        .params("0" + "0" + gtin, "MUG-" + unique)
        .update();

    assertThat(find(gtin)).containsExactly("article MUG-%s code".formatted(unique));
    assertThat(find("gtin:0" + gtin)).hasSize(1);
    assertThat(find("tracking:" + gtin)).isEmpty();
  }

  @Test
  void aFileThatWasFetchedAndAnAs2MessageAreFoundByName() {
    hub.jdbc
        .sql(
            """
            INSERT INTO fetched_file (account, folder, name, size, modified_at, since, state)
            VALUES (?, 'in', ?, 1, now(), now(), 'TAKEN')
            """)
        .params(account, unique + ".csv")
        .update();
    hub.jdbc
        .sql(
            "INSERT INTO as2_received (account, message_id, sha256, received_at) VALUES (?, ?, '\\x00', now())")
        .params(account, "<" + unique + "@partner>")
        .update();

    assertThat(find("file:" + unique + ".csv"))
        .containsExactly("file %s.csv file name".formatted(unique));
    assertThat(find(unique + "@partner"))
        .containsExactly("file <%s@partner> message's id".formatted(unique));
  }

  @Test
  void whatIsNoKeyIsRefusedAndATextIsOnlyEverAValue() {
    assertThat(hub.get("/search?q=%20").detail())
        .isEqualTo("Nothing is looked for; give a key as 'q'.");
    assertThat(hub.get("/search?q=" + "x".repeat(201)).detail())
        .endsWith("it is longer than 200 characters or has a zero byte; shorten or correct it.");
    assertThat(find("'; DROP TABLE sales_order; --")).isEmpty();
  }

  @Test
  void theTerminalFindsTheSame() {
    var terminal = new OnTerminal(hub);
    hub.order(account, "t-" + unique, "#t-" + unique, null);

    assertThat(terminal.serai("search", "t-" + unique)).isZero();
    assertThat(terminal.out()).contains("channel's number").contains(account);
    assertThat(terminal.serai("search", "nothing-" + unique)).isZero();
    assertThat(terminal.out()).contains("Nothing goes by that key; it is matched whole.");
  }
}
