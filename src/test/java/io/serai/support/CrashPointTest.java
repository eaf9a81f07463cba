package io.serai.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CrashPointTest {
  /** Reaches P3 three times, counts them on standard output and ends well. */
  static final class Walker {
    public static void main(String[] arguments) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.print("hook")));
      for (int i = 1; i <= 3; i++) {
        CrashPoint.hit("P2");
        CrashPoint.hit(CrashPoint.BEFORE_ANSWER);
        System.out.print(i);
        System.out.flush();
      }
    }
  }

  @Test
  void nothingHappensUnlessItIsArmed() throws Exception {
    var end = walk(null);

    assertThat(end.status()).isZero();
    assertThat(end.output()).isEqualTo("123hook");
  }

  @Test
  void theNthHitOfTheNamedPointEndsTheProcessWithoutItsHooks() throws Exception {
    var end = walk("P3:2");

    assertThat(end.status()).isEqualTo(137);
    assertThat(end.output()).isEqualTo("1");
  }

  @Test
  void aPointWithoutANumberIsItsFirstHit() throws Exception {
    var end = walk("P3");

    assertThat(end.status()).isEqualTo(137);
    assertThat(end.output()).isEmpty();
  }

  @Test
  void aHitThatIsNoNumberIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrashPoint.hitOf("P3:soon"))
        .withMessage(
            "Crash point 'P3:soon' names no hit after the colon. Write '<point>:<n>' with n from 1.");
    assertThatIllegalArgumentException().isThrownBy(() -> CrashPoint.hitOf("P3:0"));
  }

  private record End(int status, String output) {}

  private static End walk(String setting) throws Exception {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xshare:auto");
    if (setting != null) {
      command.add("-Dserai.crash-point=" + setting);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Walker.class.getName());
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new End(process.exitValue(), output);
  }
}
