package io.serai.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a collector of the steps that documents take, as OpenTelemetry spans; off unless asked for.
 *
 * <p>Guarantee: telling never waits and never fails a document; whether a trace is told is decided
 * by its id alone, the same on every replica and at every step. Gap: spans wait in memory for the
 * exporter; those of a process that is killed, or more than it can send, are lost. While off, a
 * caller that asks {@link #on} first pays for nothing else.
 */
public final class Traces implements AutoCloseable {
  /** Tells nobody. */
  public static final Traces OFF = new Traces(null, Set.of());

  private static final Logger LOG = LoggerFactory.getLogger(Traces.class);

  /** What the SDK would choose otherwise; each may be set by its own OTEL variable. */
  private static final Map<String, String> USUAL =
      Map.of(
          "otel.service.name",
          "serai",
          "otel.metrics.exporter",
          "none",
          "otel.logs.exporter",
          "none",
          "otel.propagators",
          "none",
          "otel.exporter.otlp.protocol",
          "http/protobuf",
          "otel.bsp.schedule.delay",
          "1000");

  private final OpenTelemetrySdk sdk;
  private final Set<String> outward;
  private final boolean on;
  private final Tracer tracer;
  private final Sampler sampler;

  private Traces(OpenTelemetrySdk sdk, Set<String> outward) {
    this.sdk = sdk;
    this.outward = outward;
    this.on = sdk != null;
    this.tracer = on ? sdk.getTracer("io.serai") : null;
    this.sampler = on ? sdk.getSdkTracerProvider().getSampler() : null;
  }

  /**
   * Tells an exporter, set up by the OTEL variables of the environment. One that cannot be set up
   * is told of in the log, and there are no traces: orders do not wait for them.
   *
   * @param exporter {@code otlp}, or another that is on the class path; {@code none} tells nobody
   * @param outward the accounts whose calls carry {@code traceparent}
   */
  public static Traces to(String exporter, Set<String> outward) {
    if ("none".equals(exporter)) {
      return OFF;
    }
    try {
      var sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .addPropertiesSupplier(() -> USUAL)
              .addPropertiesCustomizer(set -> Map.of("otel.traces.exporter", exporter))
              .addTracerProviderCustomizer((provider, set) -> provider.setIdGenerator(new Given()))
              .build()
              .getOpenTelemetrySdk();
      LOG.info("Traces are told by '{}'", exporter);
      return new Traces(sdk, Set.copyOf(outward));
    } catch (RuntimeException e) {
      LOG.warn(
          "No traces are told, because exporter '{}' could not be set up: {}. Correct SERAI_TRACES_EXPORTER and the OTEL variables, then start again.",
          exporter,
          e.getMessage());
      return OFF;
    }
  }

  /** Whether anybody is told. */
  public boolean on() {
    return on;
  }

  /** Tells of a step that ended. */
  public void tell(Step step) {
    if (!on || !isTold(step.mark())) {
      return;
    }
    GIVEN.set(step.mark());
    try {
      var builder =
          tracer
              .spanBuilder(step.name())
              .setSpanKind(SpanKind.valueOf(step.kind().name()))
              .setStartTimestamp(step.from());
      if (step.parent() == null) {
        builder.setNoParent();
      } else {
        builder.setParent(Context.root().with(Span.wrap(context(step.parent(), false))));
      }
      if (step.link() != null) {
        builder.addLink(context(step.link(), true), Attributes.empty());
      }
      step.words()
          .forEach(
              (word, value) -> {
                if (value instanceof Number number) {
                  builder.setAttribute(word, number.longValue());
                } else {
                  builder.setAttribute(word, value.toString());
                }
              });
      var span = builder.startSpan();
      if (step.failure() != null) {
        span.setStatus(StatusCode.ERROR, step.failure());
      }
      span.end(step.to());
    } catch (RuntimeException e) {
      LOG.debug("A step is not told of", e);
    } finally {
      GIVEN.remove();
    }
  }

  /** What a call to an account carries as {@code traceparent}, or null when it carries none. */
  public String traceparent(String account, Mark step) {
    return on && outward.contains(account)
        ? "00-" + step.trace() + '-' + step.span() + (isTold(step) ? "-01" : "-00")
        : null;
  }

  private boolean isTold(Mark step) {
    return sampler
            .shouldSample(
                Context.root(), step.trace(), "", SpanKind.INTERNAL, Attributes.empty(), List.of())
            .getDecision()
        == SamplingDecision.RECORD_AND_SAMPLE;
  }

  private static SpanContext context(Mark mark, boolean remote) {
    return remote
        ? SpanContext.createFromRemoteParent(
            mark.trace(), mark.span(), TraceFlags.getSampled(), TraceState.getDefault())
        : SpanContext.create(
            mark.trace(), mark.span(), TraceFlags.getSampled(), TraceState.getDefault());
  }

  // The SDK takes ids from here only, on the thread that begins the span.
  private static final ThreadLocal<Mark> GIVEN = new ThreadLocal<>();

  private static final class Given implements IdGenerator {
    @Override
    public String generateSpanId() {
      return GIVEN.get().span();
    }

    @Override
    public String generateTraceId() {
      return GIVEN.get().trace();
    }
  }

  /** Sends what waits, for 2 s at most, and ends. */
  @Override
  public void close() {
    if (on) {
      sdk.getSdkTracerProvider().shutdown().join(2, TimeUnit.SECONDS);
    }
  }
}
