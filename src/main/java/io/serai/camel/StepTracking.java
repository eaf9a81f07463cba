package io.serai.camel;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/** Remembers on each exchange the step it is in, so that a failure can name it. */
public final class StepTracking implements InterceptStrategy {
  private static final String STEP = "SeraiStep";

  /**
   * The step an exchange is in or ended at, by the id its author gave it; null before the first.
   */
  static String step(Exchange exchange) {
    return exchange.getProperty(STEP, String.class);
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode definition, Processor target, Processor next) {
    var id = definition.getId();
    return new DelegateAsyncProcessor(target) {
      @Override
      public boolean process(Exchange exchange, AsyncCallback callback) {
        exchange.setProperty(STEP, id);
        return super.process(exchange, callback);
      }
    };
  }
}
