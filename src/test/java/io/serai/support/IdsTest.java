package io.serai.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class IdsTest {

  private final ManualClock clock = new ManualClock();
  private final Ids ids = new Ids(clock);

  @Test
  void anIdIsAPrefixAndTwentySixLettersAndDigits() {
    assertThat(ids.next("ord")).matches("ord_[0-7][0-9A-HJKMNP-TV-Z]{25}");
  }

  @Test
  void anIdIsAUuidOfVersionSevenThatTellsItsMillisecond() {
    UUID id = ids.next();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(Ids.instant(id)).isEqualTo(clock.instant());
  }

  @Test
  void idsSortInTheOrderTheyWereMadeEvenWhenTheClockStandsStillOrStepsBack() {
    var made = new ArrayList<String>();
    for (int i = 0; i < 10_000; i++) {
      made.add(ids.next("ful"));
    }
    clock.advance(Duration.ofSeconds(-5));
    for (int i = 0; i < 10_000; i++) {
      made.add(ids.next("ful"));
    }

    assertThat(made).isSorted();
    assertThat(new HashSet<>(made)).hasSize(20_000);
  }

  @Test
  void whatPeopleMistypeIsReadAsMeant() {
    String id = Ids.text("ord", new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0021L));
    String typed = id.toLowerCase(Locale.ROOT).replace('0', 'o').replaceAll("1$", "l");

    assertThat(Ids.uuid("ord", typed)).isEqualTo(Ids.uuid("ord", id));
  }

  @Test
  void whatIsNoIdIsRefusedInOneSentence() {
    assertThatThrownBy(() -> Ids.uuid("ord", "ful_01KJQ6Y3ZB7R4V5M8N2P0T9XWE"))
        .hasMessage(
            "'ful_01KJQ6Y3ZB7R4V5M8N2P0T9XWE' is not an id; give 'ord_' and 26 letters and digits.");
    assertThatThrownBy(() -> Ids.uuid("ord", null)).hasMessageContaining("'null' is not an id");
    assertThatThrownBy(() -> Ids.uuid("ord", "ord_81KJQ6Y3ZB7R4V5M8N2P0T9XWE"))
        .hasMessageContaining("is not an id");
    assertThatThrownBy(() -> Ids.uuid("ord", "ord_01KJQ6Y3ZB7R4V5M8N2P0T9XWÜ"))
        .hasMessageContaining("is not an id");
  }

  @Property(seed = "20260302")
  void textAndUuidAreTheSameThing(@ForAll long high, @ForAll long low) {
    UUID id = new UUID(high, low);

    assertThat(Ids.uuid("shp", Ids.text("shp", id))).isEqualTo(id);
  }

  @Property(seed = "20260302")
  void textSortsAsTheUuidDoes(@ForAll long a, @ForAll long b) {
    int text = Ids.text("x", new UUID(a, b)).compareTo(Ids.text("x", new UUID(b, a)));

    assertThat(Integer.signum(text)).isEqualTo(Long.compareUnsigned(a, b));
  }
}
