package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrameTest {

  @Test
  void eachPageOfTheNavigationHasAKeyOfItsOwn() {
    assertThat(Frame.NAVIGATION).extracting(Frame.Entry::key).doesNotHaveDuplicates();
    assertThat(Frame.NAVIGATION).extracting(Frame.Entry::address).doesNotHaveDuplicates();
  }
}
