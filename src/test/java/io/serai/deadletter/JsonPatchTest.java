package io.serai.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.support.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One change for many documents, by operations or by merging. */
class JsonPatchTest {
  private static final String ORDER =
      "{\"id\":1,\"total\":9.90,\"lines\":[{\"sku\":\"A\"},{\"sku\":\"B\"}],\"note\":\"x\"}";

  private static String applied(String patch, String document) throws JsonPatch.Unfit {
    return Json.text(JsonPatch.of(Json.tree(patch)).apply(Json.tree(document)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"op\":\"replace\",\"path\":\"/lines/1/sku\",\"value\":\"C\"}] | {\"id\":1,\"total\":9.90,\"lines\":[{\"sku\":\"A\"},{\"sku\":\"C\"}],\"note\":\"x\"}",
        "[{\"op\":\"add\",\"path\":\"/lines/0\",\"value\":1},{\"op\":\"add\",\"path\":\"/lines/-\",\"value\":2}] | {\"id\":1,\"total\":9.90,\"lines\":[1,{\"sku\":\"A\"},{\"sku\":\"B\"},2],\"note\":\"x\"}",
        "[{\"op\":\"add\",\"path\":\"/note\",\"value\":\"y\"}] | {\"id\":1,\"total\":9.90,\"lines\":[{\"sku\":\"A\"},{\"sku\":\"B\"}],\"note\":\"y\"}",
        "[{\"op\":\"remove\",\"path\":\"/lines/0\"},{\"op\":\"remove\",\"path\":\"/note\"}] | {\"id\":1,\"total\":9.90,\"lines\":[{\"sku\":\"B\"}]}",
        "[{\"op\":\"move\",\"from\":\"/note\",\"path\":\"/remark\"}] | {\"id\":1,\"total\":9.90,\"lines\":[{\"sku\":\"A\"},{\"sku\":\"B\"}],\"remark\":\"x\"}",
        "[{\"op\":\"copy\",\"from\":\"/lines/0\",\"path\":\"/lines/2\"}] | {\"id\":1,\"total\":9.90,\"lines\":[{\"sku\":\"A\"},{\"sku\":\"B\"},{\"sku\":\"A\"}],\"note\":\"x\"}",
        "[{\"op\":\"test\",\"path\":\"/total\",\"value\":9.9},{\"op\":\"remove\",\"path\":\"/lines\"}] | {\"id\":1,\"total\":9.90,\"note\":\"x\"}",
        "{\"note\":null,\"ship\":{\"to\":\"US\",\"no\":null},\"lines\":[]} | {\"id\":1,\"total\":9.90,\"lines\":[],\"ship\":{\"to\":\"US\"}}"
      })
  void aDocumentIsChangedAsThePatchSays(String patch, String changed) throws JsonPatch.Unfit {
    assertThat(applied(patch, ORDER)).isEqualTo(changed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"op\":\"replace\",\"path\":\"/currency\",\"value\":1}] | There is nothing at '/currency'.",
        "[{\"op\":\"remove\",\"path\":\"/lines/2\"}] | There is nothing at '/lines/2'.",
        "[{\"op\":\"remove\",\"path\":\"\"}] | The whole document cannot be removed.",
        "[{\"op\":\"add\",\"path\":\"/lines/3\",\"value\":1}] | '/lines/3' is no place in a list of 2.",
        "[{\"op\":\"add\",\"path\":\"/lines/x\",\"value\":1}] | '/lines/x' is no place in a list of 2.",
        "[{\"op\":\"add\",\"path\":\"/a/b\",\"value\":1}] | There is no object or list at '/a'.",
        "[{\"op\":\"test\",\"path\":\"/id\",\"value\":2}] | At '/id' stands another value than the patch expects.",
        "[{\"op\":\"move\",\"from\":\"/lines\",\"path\":\"/lines/0/x\"}] | '/lines' cannot be moved into itself."
      })
  void aDocumentThatAPatchDoesNotFitStaysAndIsToldWhy(String patch, String sentence) {
    var document = Json.tree(ORDER);

    assertThatThrownBy(() -> JsonPatch.of(Json.tree(patch)).apply(document))
        .isInstanceOf(JsonPatch.Unfit.class)
        .hasMessage(sentence);
    assertThat(Json.text(document)).isEqualTo(ORDER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | The patch holds nothing; give operations as [{\"op\": \"replace\", \"path\": \"/a\", \"value\": 1}], or an object to be merged.",
        "\"x\" | The patch holds nothing; give operations as [{\"op\": \"replace\", \"path\": \"/a\", \"value\": 1}], or an object to be merged.",
        "{} | The patch holds nothing; give operations as [{\"op\": \"replace\", \"path\": \"/a\", \"value\": 1}], or an object to be merged.",
        "[{\"op\":\"rename\",\"path\":\"/a\"}] | Operation 1 of the patch is 'rename'; known are add, remove, replace, move, copy and test.",
        "[{\"op\":\"remove\",\"path\":\"/a\"},{\"op\":\"add\",\"path\":\"/a\"}] | Operation 2 of the patch ('add') has no 'value'; add it.",
        "[{\"op\":\"remove\",\"path\":\"a\"}] | Operation 1 of the patch has no JSON pointer in 'path'; write one, as '/lines/0/sku'.",
        "[{\"op\":\"move\",\"path\":\"/a\"}] | Operation 1 of the patch has no JSON pointer in 'from'; write one, as '/lines/0/sku'."
      })
  void whatIsNoPatchIsNamed(String patch, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonPatch.of(Json.tree(patch)))
        .withMessage(sentence);
  }

  @Test
  void whatWasGivenIsNotSharedAmongDocuments() throws JsonPatch.Unfit {
    var patch = JsonPatch.of(Json.tree("[{\"op\":\"add\",\"path\":\"/a\",\"value\":{}}]"));
    var one = patch.apply(Json.tree("{}"));
    ((com.fasterxml.jackson.databind.node.ObjectNode) one.get("a")).put("b", 1);

    assertThat(Json.text(patch.apply(Json.tree("{}")))).isEqualTo("{\"a\":{}}");
  }
}
