package io.serai.catalog;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets a start that stops for its configuration print sentences instead of a stack trace. */
final class BadConfigurationAnalyzer extends AbstractFailureAnalyzer<BadConfiguration> {
  @Override
  protected FailureAnalysis analyze(Throwable root, BadConfiguration cause) {
    return new FailureAnalysis(
        cause.getMessage(), "Correct what is named above and start again.", cause);
  }
}
