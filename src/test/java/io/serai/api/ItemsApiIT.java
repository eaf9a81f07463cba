package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ResourceLock(ApiHub.SHARED)
class ItemsApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String sku = "SET-" + UUID.randomUUID();

  private ApiHub.Answer put(String items) {
    return hub.put("/items", "{\"items\":[" + items + "]}");
  }

  private ApiHub.Answer refer(String references) {
    return hub.put("/cross-references", "{\"crossReferences\":[" + references + "]}");
  }

  @Test
  void aDescribedItemIsReadBackAndForgotten() {
    var result =
        put(
            """
            {"sku":"%s","title":"Mug and tea","tags":["gift","fragile"],"weightGrams":900,"hsCode":"691200",
             "originCountry":"PT","components":[{"sku":"TEA"},{"sku":"MUG","quantity":2}]}"""
                .formatted(sku));
    assertThat(result.json().path("applied").asInt()).isEqualTo(1);

    var item = hub.get("/items/" + sku).json();
    assertThat(item.path("tags").toString()).isEqualTo("[\"fragile\",\"gift\"]");
    assertThat(item.path("components").toString())
        .isEqualTo("[{\"sku\":\"MUG\",\"quantity\":2},{\"sku\":\"TEA\",\"quantity\":1}]");
    assertThat(item.path("weightGrams").asInt()).isEqualTo(900);

    assertThat(hub.send(ApiHub.bearer(ApiHub.TOKEN), "DELETE", "/items/" + sku, null).status())
        .isEqualTo(200);
    assertThat(hub.get("/items/" + sku).status()).isEqualTo(404);
    assertThat(
            hub.jdbc
                .sql("SELECT count(*) FROM audit_entry WHERE object = :object")
                .param("object", "item:" + sku)
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  void itemsAreListedByPages() {
    put("{\"sku\":\"" + sku + "-1\"},{\"sku\":\"" + sku + "-2\"}");

    var first = hub.get("/items?limit=1").json();
    var second = hub.get("/items?limit=1&cursor=" + first.path("next").asText()).json();

    assertThat(second.at("/items/0/sku").asText()).isGreaterThan(first.at("/items/0/sku").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | Row 2: The item has no 'sku'; give it as text.",
        "7 | Row 2: An item is an object; this is none.",
        "{\"sku\":\"%s\",\"colour\":1} | Row 2: Field 'colour' of an item is not known; there are [abcClass, components, hsCode, originCountry, sku, tags, title, weightGrams].",
        "{\"sku\":\"%s\",\"tags\":[\"Very Fragile\"]} | Row 2: Item '%s' has tag 'Very Fragile'; a tag is lower-case letters, digits and hyphens.",
        "{\"sku\":\"%s\",\"tags\":\"fragile\"} | Row 2: Item '%s' has 'tags' that is no list of at most 50; correct it.",
        "{\"sku\":\"%s\",\"title\":7} | Row 2: Item '%s' has a 'title' that is no text of at most 1000 characters; correct it.",
        "{\"sku\":\"%s\",\"weightGrams\":1.5} | Row 2: Item '%s' has weightGrams '1.5'; it is a whole number from 0 to 1000000000.",
        "{\"sku\":\"%s\",\"hsCode\":\"69.12\"} | Row 2: Item '%s' has hsCode '69.12'; give 4 to 12 digits.",
        "{\"sku\":\"%s\",\"originCountry\":\"Portugal\"} | Row 2: Item '%s' has originCountry 'Portugal'; give two capital letters, such as PT.",
        "{\"sku\":\"%s\",\"abcClass\":\"D\"} | Row 2: Item '%s' has abcClass 'D'; give A, B or C.",
        "{\"sku\":\"%s\",\"components\":[{\"sku\":\"MUG\",\"quantity\":0}]} | Row 2: Component 'MUG' has quantity '0'; it is a whole number from 1 to 10000.",
        "{\"sku\":\"%s\",\"components\":[{\"sku\":\"MUG\"},{\"sku\":\"MUG\"}]} | Row 2: Item '%s' names component 'MUG' more than once; give its quantity once.",
      })
  void aRowThatCannotBeTakenIsRefusedByNameAndTheOthersApplied(String row, String sentence) {
    var result = put("{\"sku\":\"" + sku + "-A\"}," + row.formatted(sku)).json();

    assertThat(result.path("applied").asInt()).isEqualTo(1);
    assertThat(result.at("/refused/0/sentence").asText()).isEqualTo(sentence.formatted(sku));
    assertThat(hub.get("/items/" + sku + "-A").status()).isEqualTo(200);
  }

  @Test
  void aSkuThatIsGivenTwiceIsTakenOnce() {
    var result = put("{\"sku\":\"" + sku + "\"},{\"sku\":\"" + sku + "\"}").json();

    assertThat(result.at("/refused/0/sentence").asText())
        .isEqualTo("Row 2: SKU '%s' is given more than once; send it once.".formatted(sku));
  }

  @Test
  void aSetOfSetsIsRefusedAndTheOthersApplied() {
    var result =
        put("""
                {"sku":"%1$s-B","components":[{"sku":"MUG"}]},{"sku":"%1$s-C","components":[{"sku":"%1$s-B"}]}"""
                .formatted(sku))
            .json();

    assertThat(result.path("applied").asInt()).isEqualTo(1);
    assertThat(result.at("/refused/0/sku").asText()).isEqualTo(sku + "-C");
    assertThat(result.at("/refused/0/sentence").asText()).contains("which is a set too");
  }

  @Test
  void whenNoRowCanBeTakenTheRequestIsRefused() {
    var answer = put("{}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("detail").asText())
        .isEqualTo(
            "None of the 1 rows can be taken; the first: Row 1: The item has no 'sku'; give it as"
                + " text.");
  }

  @Test
  void aBodyWithoutItsListIsRefused() {
    assertThat(hub.put("/items", "{}").json().path("detail").asText())
        .isEqualTo("The body has no list 'items'; send {\"items\": [...]}.");
    assertThat(hub.put("/items", "{\"items\":[],\"node\":1}").json().path("detail").asText())
        .isEqualTo("Field 'node' is not known; the body has 'items' only.");
  }

  @Test
  void aCodeIsExplainedAndForgotten() {
    var result =
        refer(
            """
            {"channel":"shopify-main","code":"%1$s-6","sku":"%1$s","quantity":6},{"code":"%1$s-6","sku":"%1$s"}"""
                .formatted(sku));
    assertThat(result.json().path("applied").asInt()).isEqualTo(2);

    var listed = hub.get("/cross-references?sku=" + sku).json().path("items");
    assertThat(listed).hasSize(2);
    assertThat(listed.get(0).has("channel")).isFalse();
    assertThat(listed.get(0).path("quantity").asInt()).isEqualTo(1);
    assertThat(listed.get(1).path("channel").asText()).isEqualTo("shopify-main");
    var page = hub.get("/cross-references?limit=1&sku=" + sku).json();
    assertThat(
            hub.get(
                    "/cross-references?limit=1&sku="
                        + sku
                        + "&cursor="
                        + page.path("next").asText())
                .json()
                .at("/items/0/channel")
                .asText())
        .isEqualTo("shopify-main");

    assertThat(forget("?channel=shopify-main&code=" + sku + "-6").status()).isEqualTo(200);
    assertThat(forget("?code=" + sku + "-6").status()).isEqualTo(200);
    assertThat(forget("?code=" + sku + "-6").json().path("detail").asText())
        .isEqualTo(
            "Nothing is said of code '%s-6' in every channel; GET /api/v1/cross-references lists what is."
                .formatted(sku));
    assertThat(forget("?channel=shopify-main&code=X").json().path("detail").asText())
        .startsWith("Nothing is said of code 'X' in 'shopify-main';");
  }

  private ApiHub.Answer forget(String query) {
    return hub.send(ApiHub.bearer(ApiHub.TOKEN), "DELETE", "/cross-references" + query, null);
  }

  @Test
  void aChannelThatIsNotConfiguredIsRefusedByName() {
    var answer =
        refer(
            "{\"channel\":\"shopfy\",\"code\":\"X\",\"sku\":\"Y\"},{\"code\":\"X\",\"sku\":\"Y\"}");

    assertThat(answer.json().at("/refused/0/sentence").asText())
        .isEqualTo(
            "Row 1: Code 'X' names channel 'shopfy', which is not configured; name one of [erp,"
                + " shopify-main, walmart-main], or none for all.");
    assertThat(refer("{\"code\":\"Z\"}").json().path("detail").asText())
        .contains("Code 'Z' has no 'sku'; give it as text.");
    assertThat(
            refer("{\"code\":\"X\",\"sku\":\"Y\"},{\"code\":\"X\",\"sku\":\"Z\"}")
                .json()
                .at("/refused/0/sentence")
                .asText())
        .isEqualTo("Row 2: Code 'X' is given more than once; send it once.");
  }
}
