package io.serai.trace;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.traces.ConfigurableSpanExporterProvider;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps what is told; found by its name as any exporter is. */
public final class MemoryExporter implements ConfigurableSpanExporterProvider, SpanExporter {
  public static final String NAME = "memory";

  private static final Queue<SpanData> TOLD = new ConcurrentLinkedQueue<>();

  public static List<SpanData> trace(String id) {
    return TOLD.stream().filter(span -> span.getTraceId().equals(id)).toList();
  }

  @Override
  public SpanExporter createExporter(ConfigProperties config) {
    return this;
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    TOLD.addAll(spans);
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
