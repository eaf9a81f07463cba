package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.access.Caller;
import io.serai.access.HubMode;
import io.serai.access.Role;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTest {

  @Test
  void eachPageOfTheNavigationHasAKeyOfItsOwn() {
    assertThat(Frame.NAVIGATION).extracting(Frame.Entry::key).doesNotHaveDuplicates();
    assertThat(Frame.NAVIGATION).extracting(Frame.Entry::address).doesNotHaveDuplicates();
  }

  @Test
  void inAReadOnlyHubNoButtonWorksAndEachSaysWhy() {
    var mode = new HubMode("sandbox", true);
    var ada = new Caller("ada", Role.ADMIN);

    var usual =
        new Frame(
            "t",
            "home",
            ada,
            "c",
            "auto",
            false,
            null,
            "/",
            Instant.EPOCH,
            HubMode.USUAL,
            List::of);
    var readOnly =
        new Frame("t", "home", ada, "c", "auto", false, null, "/", Instant.EPOCH, mode, List::of);

    assertThat(usual.operates()).isTrue();
    assertThat(readOnly.operates()).isFalse();
    assertThat(readOnly.administers()).isFalse();
    assertThat(readOnly.lacksRepair()).isEqualTo(mode.sentence());
  }
}
