package io.serai.camel;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What routes and kamelets may be made of, and why the rest is refused. */
final class Law {
  /** Why something is refused, and what to do instead. */
  record Refusal(String why, String remedy) {}

  private static final String NO_ERRORS = "handles errors, which is the engine's work";
  private static final String IN_MEMORY = "keeps messages in memory, where a crash loses them";
  private static final String CODE = "runs code";
  private static final String AT_RUN_TIME = "sends to addresses made at run time";

  /** Steps routes and kamelets may have. */
  static final Set<String> STEPS =
      Set.of(
          "choice",
          "convertBodyTo",
          "convertHeaderTo",
          "convertVariableTo",
          "enrich",
          "filter",
          "log",
          "loop",
          "marshal",
          "multicast",
          "pipeline",
          "removeHeader",
          "removeHeaders",
          "removeProperty",
          "removeVariable",
          "setBody",
          "setHeader",
          "setHeaders",
          "setProperty",
          "setVariable",
          "setVariables",
          "split",
          "step",
          "stop",
          "throwException",
          "to",
          "toD",
          "transform",
          "unmarshal",
          "validate");

  /** Steps that call, divide or repeat: an operator or a test points at them, so they have ids. */
  static final Set<String> NAMED = Set.of("to", "toD", "enrich", "split", "loop", "multicast");

  /** Components routes and kamelets may use; a site may add its own. */
  static final Set<String> COMPONENTS =
      Set.of(
          "as2",
          "aws2-sqs",
          "dataformat",
          "direct",
          "ftp",
          "ftps",
          "http",
          "https",
          "jslt",
          "json-validator",
          "kamelet",
          "log",
          "rest",
          "serai",
          "sftp",
          "smooks",
          "validator",
          "vertx-http");

  /** Expression languages; everything else is refused. */
  static final Set<String> LANGUAGES =
      Set.of(
          "constant",
          "exchangeProperty",
          "header",
          "jsonpath",
          "jslt",
          "simple",
          "tokenize",
          "variable",
          "xpath",
          "xtokenize");

  /** Languages that are code. */
  static final Set<String> CODE_LANGUAGES =
      Set.of(
          "csimple",
          "datasonnet",
          "groovy",
          "hl7terser",
          "java",
          "jexl",
          "joor",
          "jq",
          "js",
          "language",
          "method",
          "mvel",
          "ognl",
          "python",
          "ref",
          "spel",
          "wasm",
          "xquery");

  /** Keys of Camel's own redelivery, wherever they stand. */
  static final Set<String> REDELIVERY =
      Set.of(
          "deadLetterChannel",
          "deadLetterUri",
          "errorHandler",
          "errorHandlerRef",
          "maximumRedeliveries",
          "onRedelivery",
          "redeliveryDelay",
          "redeliveryPolicy",
          "redeliveryPolicyRef");

  private static final Map<String, Refusal> REFUSED_STEPS = new LinkedHashMap<>();
  private static final Map<String, Refusal> REFUSED_COMPONENTS = new LinkedHashMap<>();

  static {
    var table = "Remove it; say what codes mean in the connector's error table";
    steps(
        NO_ERRORS,
        table,
        "onException",
        "doTry",
        "doCatch",
        "doFinally",
        "onFallback",
        "circuitBreaker",
        "loadBalance",
        "rollback",
        "onCompletion");
    steps(
        "keeps its memory apart from the work, so a crash loses or repeats a message",
        "Remove it; name dedupe keys in the connector's events table",
        "idempotentConsumer");
    steps(
        IN_MEMORY,
        "Remove it; store what must survive with 'serai:accept'",
        "wireTap",
        "aggregate",
        "resequence",
        "claimCheck",
        "saga",
        "threads");
    steps(
        "holds messages back in memory",
        "Remove it; say what the partner bears under 'limits' in the connector profile",
        "delay",
        "throttle",
        "sample");
    steps(
        CODE,
        "Remove it; change the shape in a mapping, and ask for a word of 'serai' where one misses",
        "bean",
        "process",
        "script",
        "policy",
        "transacted",
        "intercept",
        "interceptFrom",
        "interceptSendToEndpoint");
    steps(
        AT_RUN_TIME,
        "Write the addresses down, one 'to' each under a 'choice'",
        "recipientList",
        "routingSlip",
        "dynamicRouter");
    steps(
        "reads from a partner at a time nobody planned",
        "Begin a route at 'serai:poll' instead",
        "poll",
        "pollEnrich");
    steps("hides what it calls", "Write 'to: { uri: kamelet:… }'", "kamelet");

    components(IN_MEMORY, "Use 'direct:' or call the step itself", "seda", "vm", "disruptor");
    components(
        CODE,
        "Change the shape in a mapping, and ask for a word of 'serai' where one misses",
        "bean",
        "class",
        "exec",
        "groovy",
        "language",
        "script",
        "spring-event",
        "stub",
        "xslt",
        "xslt-saxon",
        "xj",
        "freemarker",
        "velocity",
        "mvel",
        "chatscript",
        "controlbus",
        "dynamic-router");
    components(
        "rings on every replica",
        "Begin the route at 'serai:poll', which one replica answers",
        "cron",
        "quartz",
        "scheduler",
        "timer");
    components(
        "takes requests past signature, size limit and store",
        "Begin the route at 'serai:webhook', or describe the service under 'rest'",
        "jetty",
        "netty-http",
        "platform-http",
        "servlet",
        "undertow");
    components(
        "goes around the engine's tables",
        "Use the words of 'serai'",
        "jdbc",
        "jpa",
        "sql",
        "sql-stored",
        "spring-jdbc");
    components(
        "reads and writes files of this machine",
        "Use 'sftp:', or begin a source kamelet at it, or add 'file' to serai.routes.components",
        "file");
    components(
        "moves on past what could not be stored",
        "Begin the route at 'serai:kafka', or send with 'serai:kafka-send'",
        "kafka");
    components("is for tests", "Remove it", "mock", "dataset", "dataset-test", "browse");
  }

  private Law() {}

  static Refusal step(String name) {
    return REFUSED_STEPS.get(name);
  }

  static Refusal component(String name) {
    return REFUSED_COMPONENTS.get(name);
  }

  /** Refused names and their reasons, for tests that want each of them. */
  static Set<String> refusedSteps() {
    return new LinkedHashSet<>(REFUSED_STEPS.keySet());
  }

  static Set<String> refusedComponents() {
    return new LinkedHashSet<>(REFUSED_COMPONENTS.keySet());
  }

  private static void steps(String why, String remedy, String... names) {
    List.of(names).forEach(name -> REFUSED_STEPS.put(name, new Refusal(why, remedy)));
  }

  private static void components(String why, String remedy, String... names) {
    List.of(names).forEach(name -> REFUSED_COMPONENTS.put(name, new Refusal(why, remedy)));
  }
}
