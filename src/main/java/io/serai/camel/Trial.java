package io.serai.camel;

import io.serai.catalog.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.component.bean.BeanComponent;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Starts one file's routes in a context of their own whose ends lead nowhere, to see whether they
 * start. What it proves: the text can be parsed, every step built, every placeholder resolved,
 * every kamelet instantiated. What it cannot prove: that a partner answers, or that an option's
 * value pleases the real component.
 */
final class Trial {
  private static final Pattern LINE = Pattern.compile("(?:line|Line)[ :]+([0-9]+)");

  private final Function<String, String> properties;
  private final UnaryOperator<String> mask;

  /**
   * A place to try files in.
   *
   * @param properties values of placeholders, null for those that have none
   * @param mask hides secrets in sentences
   */
  Trial(Function<String, String> properties, UnaryOperator<String> mask) {
    this.properties = properties;
    this.mask = mask;
  }

  /** What keeps the recipe from starting; nothing when it starts. */
  List<Fault> run(Recipe recipe) {
    var faults = new ArrayList<Fault>();
    try (var context = context()) {
      context.start();
      for (var file : recipe.configurations()) {
        RouteSet.configure(context, file);
      }
      var set = RouteSet.add(context, recipe, new HashMap<>());
      set.down().values().forEach(thrown -> faults.add(fault(recipe, thrown)));
    } catch (Exception | LinkageError e) {
      faults.add(fault(recipe, e));
    }
    return faults;
  }

  /** The sentence for what went wrong. */
  Fault fault(Recipe recipe, Throwable thrown) {
    return fault(recipe.path(), thrown, mask);
  }

  /** The sentence for an account that its routes cannot start for, while they do for others. */
  Fault down(Recipe recipe, String account, Throwable thrown) {
    var fault = fault(recipe, thrown);
    return new Fault(
        fault.file(),
        fault.line(),
        "Account '%s' is down. %s".formatted(account, fault.what()),
        "Correct its settings and start again; the other accounts run");
  }

  private static Fault fault(String path, Throwable thrown, UnaryOperator<String> mask) {
    var line = 0;
    var cause = thrown;
    for (Throwable t = thrown; t != null; t = t.getCause() == t ? null : t.getCause()) {
      var matcher = LINE.matcher(String.valueOf(t.getMessage()));
      if (line == 0 && matcher.find()) {
        line = Integer.parseInt(matcher.group(1));
      }
      cause = t;
    }
    var message =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    message = message.strip().lines().findFirst().orElse("").strip();
    while (message.endsWith(".")) {
      message = message.substring(0, message.length() - 1);
    }
    if (message.length() > 300) {
      message = message.substring(0, 300) + "…";
    }
    return new Fault(
        path, line, "The routes cannot start: " + mask.apply(message), "Correct the file");
  }

  private DefaultCamelContext context() {
    var context = new DefaultCamelContext();
    context.disableJMX();
    context.setStartupSummaryLevel(StartupSummaryLevel.Off);
    context.setLoadTypeConverters(false);
    context.setAutowiredEnabled(
        false); // it would look for clients in components that are not there
    context.getShutdownStrategy().setTimeout(1);
    context.getCamelContextExtension().addContextPlugin(ComponentResolver.class, Trial::component);
    context
        .getPropertiesComponent()
        .addPropertiesSource(
            new PropertiesSource() {
              @Override
              public String getName() {
                return "hub";
              }

              @Override
              public String getProperty(String name) {
                return properties.apply(name);
              }
            });
    return context;
  }

  private static Component component(String name, CamelContext context) {
    if (name.equals("kamelet")) {
      var kamelets = new KameletComponent();
      kamelets.setNoErrorHandler(true);
      kamelets.setLocation("");
      return kamelets;
    }
    if (name.equals("bean")) {
      // Simple asks it for what an expression reads of a body or a fault; as an address it is
      // refused.
      return new BeanComponent();
    }
    return new Ends();
  }

  /** A component whose addresses lead nowhere. */
  private static final class Ends extends DefaultComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String path, Map<String, Object> options) {
      options.clear();
      return new End(uri, this);
    }
  }

  /** An address that leads nowhere. */
  private static final class End extends DefaultEndpoint {
    private End(String uri, Component component) {
      super(uri, component);
    }

    @Override
    public Producer createProducer() {
      return new DefaultAsyncProducer(this) {
        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
          callback.done(true);
          return true;
        }
      };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      return new DefaultConsumer(this, processor);
    }
  }
}
