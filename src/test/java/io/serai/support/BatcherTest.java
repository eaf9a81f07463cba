package io.serai.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private final BlockingQueue<List<Integer>> batches = new LinkedBlockingQueue<>();

  @Test
  void anIdleBatcherDoesNotLingerOverASingleItem() throws InterruptedException {
    try (var batcher = batcher(Duration.ofMinutes(10))) {
      batcher.offer(1);

      assertThat(batches.poll(60, TimeUnit.SECONDS)).containsExactly(1);
    }
  }

  @Test
  void anItemThatOthersAreExpectedAfterWaitsForThem() throws InterruptedException {
    try (var batcher = batcher(Duration.ofSeconds(2))) {
      batcher.offer(1);
      assertThat(batches.take()).containsExactly(1);

      batcher.offer(2);
      batcher.offer(3);
      batcher.offer(4);

      assertThat(batches.poll(60, TimeUnit.SECONDS)).containsExactly(2, 3, 4);
    }
  }

  @Test
  void aBatchIsNoLargerThanItMayBe() throws InterruptedException {
    try (var batcher = new Batcher<Integer>("test", 100, 2, Duration.ofMillis(1), batches::add)) {
      for (var i = 0; i < 20; i++) {
        batcher.put(i);
      }
      for (var seen = 0; seen < 20; ) {
        var batch = batches.poll(60, TimeUnit.SECONDS);
        assertThat(batch).hasSizeLessThanOrEqualTo(2);
        seen += batch.size();
      }
    }
  }

  @Test
  void whatTheWorkThrowsDoesNotStopTheNextBatch() throws InterruptedException {
    try (var batcher =
        new Batcher<Integer>(
            "test",
            100,
            1,
            Duration.ZERO,
            batch -> {
              batches.add(batch);
              if (batch.contains(1)) {
                throw new IllegalStateException("The first one is bad.");
              }
            })) {
      batcher.put(1);
      batcher.put(2);

      assertThat(batches.poll(60, TimeUnit.SECONDS)).containsExactly(1);
      assertThat(batches.poll(60, TimeUnit.SECONDS)).containsExactly(2);
    }
  }

  @Test
  void aClosedBatcherWorksWhatIsQueuedAndTakesNoMore() throws InterruptedException {
    var batcher = batcher(Duration.ZERO);
    batcher.offer(1);
    batcher.close();

    assertThat(batches.poll()).containsExactly(1);
    assertThat(batcher.offer(2)).isFalse();
  }

  private Batcher<Integer> batcher(Duration linger) {
    return new Batcher<>("test", 100, 10, linger, batches::add);
  }
}
