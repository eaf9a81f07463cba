package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {
  private static List<String> differ(String good, String now) {
    return shape(now).against(shape(good)).stream()
        .map(one -> one.what() + " " + one.path() + " " + one.good() + " > " + one.now())
        .toList();
  }

  private static Shape shape(String text) {
    return Shape.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void fieldsThatAreMissingComeFirstAndPlacesInListsDoNotMatter() {
    assertThat(
            differ(
                "{\"id\":1,\"lines\":[{\"sku\":\"A\",\"tax\":{\"rate\":\"7\"}},{\"sku\":\"B\"}],\"state\":\"paid\"}",
                "{\"id\":\"1\",\"lines\":[{\"sku\":\"B\"},{\"sku\":\"A\",\"gift\":true}],\"state\":\"on_hold\"}"))
        .containsExactly(
            "MISSING /lines/*/tax null > null",
            "ADDED /lines/*/gift null > true",
            "KIND /id number > string",
            "VALUE /state \"paid\" > \"on_hold\"");
  }

  @Test
  void theSameIsTheSame() {
    assertThat(differ("{\"a\":[1,2]}", "{\"a\":[2,1]}")).isEmpty();
  }

  @Test
  void ofX12AndEdifactItIsSegmentsAndElements() {
    var isa =
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260302*1000*U*00401*%s*0*P*>~";
    assertThat(isa.formatted("000000001")).hasSize(106);
    assertThat(
            differ(
                isa.formatted("000000001")
                    + "ST*850*0001~BEG*00*SA*PO1**20260302~N1*ST*Acme~SE*3*0001~",
                isa.formatted("000000002") + "ST*850*0001~BEG*00*XX*PO1~SE*2*0001~"))
        .containsExactly(
            "MISSING /BEG/05 \"20260302\" > null",
            "MISSING /N1 null > null",
            "VALUE /BEG/02 \"SA\" > \"XX\"",
            "VALUE /ISA/13 \"000000001\" > \"000000002\"",
            "VALUE /SE/01 \"3\" > \"2\"");
    assertThat(
            differ("UNA:+.? 'UNB+UNOA:2'BGM+220+1'", "UNB+UNOA:2'BGM+220+1'DTM+137:20260302:102'"))
        .containsExactly("ADDED /DTM null > null");
  }

  @Test
  void ofTablesItIsColumns() {
    assertThat(differ("order;sku;units\n1;A;2\n", "order;sku\n2;A\n"))
        .containsExactly("MISSING /units \"2\" > null", "VALUE /order \"1\" > \"2\"");
  }

  @Test
  void ofAnythingElseNothingIsKnown() {
    assertThat(shape("<order/>")).isNull();
    assertThat(shape("hello")).isNull();
  }
}
