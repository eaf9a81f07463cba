package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import graphql.ExecutionInput;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.ParseAndValidate;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.OperationDefinition;
import graphql.schema.Coercing;
import graphql.schema.DataFetcherFactories;
import graphql.schema.GraphQLCodeRegistry;
import graphql.schema.GraphQLScalarType;
import graphql.schema.GraphQLSchema;
import graphql.schema.TypeResolver;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs queries against the schema the stand-in serves: checked, costed, throttled, executed under
 * the shop's lock, so that a query sees one moment and a mutation is one step.
 */
final class ShopifyGraphql {

  private static final int CACHED = 500;

  /** A query read and checked once. */
  record Prepared(
      Document document, OperationDefinition operation, List<? extends GraphQLError> errors) {

    /** Names of the fields asked for at the top. */
    List<String> roots() {
      if (operation == null) {
        return List.of();
      }
      return operation.getSelectionSet().getSelections().stream()
          .filter(Field.class::isInstance)
          .map(s -> ((Field) s).getName())
          .toList();
    }

    boolean mutation() {
      return operation != null
          && operation.getOperation() == OperationDefinition.Operation.MUTATION;
    }
  }

  private final Shop shop;
  private final GraphQLSchema schema;
  private final GraphQL engine;
  private final CostBucket bucket;
  private final Map<String, Prepared> prepared = new ConcurrentHashMap<>();

  ShopifyGraphql(Shop shop, ShopifyOptions options, Moods moods) {
    this.shop = shop;
    this.schema = schema(new ShopifyFetchers(shop, options, moods));
    this.bucket = new CostBucket(options.bucket, options.restoreRate, options.clock);
    this.engine =
        GraphQL.newGraphQL(schema)
            .preparsedDocumentProvider(
                (input, parse) ->
                    CompletableFuture.completedFuture(
                        new PreparsedDocumentEntry(
                            prepare(input.getQuery(), input.getOperationName()).document())))
            .defaultDataFetcherExceptionHandler(new ShopifyErrors.Handler())
            .build();
  }

  CostBucket bucket() {
    return bucket;
  }

  /** Reads and checks a query. */
  Prepared prepare(String query, String operationName) {
    if (prepared.size() > CACHED) {
      prepared.clear();
    }
    return prepared.computeIfAbsent(operationName + "\n" + query, k -> read(query, operationName));
  }

  private Prepared read(String query, String operationName) {
    var parsed = ParseAndValidate.parse(ExecutionInput.newExecutionInput(query).build());
    if (parsed.isFailure()) {
      return new Prepared(null, null, List.of(parsed.getSyntaxException().toInvalidSyntaxError()));
    }
    var document = parsed.getDocument();
    var operation =
        document.getDefinitionsOfType(OperationDefinition.class).stream()
            .filter(
                o ->
                    operationName == null
                        || operationName.isEmpty()
                        || operationName.equals(o.getName()))
            .findFirst()
            .orElse(null);
    return new Prepared(
        document, operation, ParseAndValidate.validate(schema, document, Locale.ENGLISH));
  }

  /** Runs a query; the answer is the body to send. */
  ObjectNode run(Prepared query, String text, String operationName, Map<String, Object> variables) {
    if (query.document() == null) {
      return body(ShopifyErrors.of(query.errors().get(0).getMessage(), "GRAPHQL_PARSE_FAILED"));
    }
    if (query.operation() == null) {
      return body(ShopifyErrors.of("No such operation.", "BAD_REQUEST"));
    }
    if (!query.errors().isEmpty()) {
      return body(ShopifyErrors.of(query.errors(), query.operation()));
    }
    var cost = new QueryCost(schema, query.document(), variables);
    var requested = cost.requested(query.operation());
    if (requested > QueryCost.LIMIT) {
      var errors =
          ShopifyErrors.of(
              "Query cost is "
                  + requested
                  + ", which exceeds the single query max cost limit ("
                  + QueryCost.LIMIT
                  + ").",
              "MAX_COST_EXCEEDED");
      return body(errors);
    }
    if (!bucket.take(requested)) {
      return throttled(requested);
    }
    return execute(query, text, operationName, variables, cost, requested);
  }

  /** What a query costs at most. */
  int cost(Prepared query, Map<String, Object> variables) {
    return new QueryCost(schema, query.document(), variables).requested(query.operation());
  }

  /** The answer when there are too few points: status 200 and a code. */
  ObjectNode throttled(int requested) {
    var body = body(ShopifyErrors.of("Throttled", "THROTTLED"));
    extensions(body, requested, null);
    return body;
  }

  private ObjectNode execute(
      Prepared query,
      String text,
      String operationName,
      Map<String, Object> variables,
      QueryCost cost,
      int requested) {
    var warnings = new ArrayList<String>();
    var input =
        ExecutionInput.newExecutionInput(text)
            .operationName(operationName)
            .variables(variables)
            .graphQLContext(Map.of(ShopifyFetchers.WARNINGS, warnings))
            .build();
    var body = Jsons.object();
    Map<String, Object> data;
    shop.lock().lock();
    try {
      var result = engine.execute(input);
      data = result.getData();
      if (!result.getErrors().isEmpty()) {
        body.set("errors", ShopifyErrors.of(result.getErrors(), query.operation()));
      }
      if (result.isDataPresent()) {
        body.set("data", Jsons.tree(data));
      }
    } finally {
      shop.lock().unlock();
    }
    var actual =
        data == null ? requested : Math.min(requested, cost.actual(query.operation(), data));
    bucket.giveBack(requested - actual);
    extensions(body, requested, actual);
    if (!warnings.isEmpty()) {
      var search = body.withObject("/extensions").putArray("search");
      warnings.forEach(
          w ->
              search
                  .addObject()
                  .putArray("warnings")
                  .addObject()
                  .put("field", w)
                  .put("message", "Invalid search field for this query."));
    }
    return body;
  }

  private void extensions(ObjectNode body, int requested, Integer actual) {
    var cost = body.putObject("extensions").putObject("cost");
    cost.put("requestedQueryCost", requested);
    cost.put("actualQueryCost", actual);
    cost.set("throttleStatus", bucket.status());
  }

  private static ObjectNode body(com.fasterxml.jackson.databind.JsonNode errors) {
    return Jsons.object().set("errors", errors);
  }

  private static GraphQLSchema schema(ShopifyFetchers fetchers) {
    try (var sdl =
        new InputStreamReader(
            ShopifyGraphql.class.getResourceAsStream("/simulator/shopify.graphqls"),
            StandardCharsets.UTF_8)) {
      var wiring = RuntimeWiring.newRuntimeWiring();
      for (var name : List.of("DateTime", "Decimal", "Money", "URL", "UnsignedInt64")) {
        wiring.scalar(GraphQLScalarType.newScalar().name(name).coercing(new Text()).build());
      }
      TypeResolver byName =
          env -> {
            Map<?, ?> view = env.getObject();
            return env.getSchema().getObjectType((String) view.get("__typename"));
          };
      for (var type :
          List.of(
              "Node",
              "DisplayableError",
              "DiscountApplication",
              "PricingValue",
              "PurchasingEntity")) {
        wiring.type(type, t -> t.typeResolver(byName));
      }
      wiring.codeRegistry(
          GraphQLCodeRegistry.newCodeRegistry()
              .defaultDataFetcher(DataFetcherFactories.useDataFetcher(ShopifyFetchers::byDefault)));
      fetchers.wire(wiring);
      return new SchemaGenerator()
          .makeExecutableSchema(new SchemaParser().parse(sdl), wiring.build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Scalars that travel as text. */
  private static final class Text implements Coercing<String, String> {
    @Override
    public String serialize(Object value, graphql.GraphQLContext context, Locale locale) {
      return value.toString();
    }

    @Override
    public String parseValue(Object value, graphql.GraphQLContext context, Locale locale) {
      return value.toString();
    }

    @Override
    public graphql.language.Value<?> valueToLiteral(
        Object value, graphql.GraphQLContext context, Locale locale) {
      return graphql.language.StringValue.of(value.toString());
    }

    @Override
    public String parseLiteral(
        graphql.language.Value<?> value,
        graphql.execution.CoercedVariables variables,
        graphql.GraphQLContext context,
        Locale locale) {
      return value instanceof graphql.language.StringValue text ? text.getValue() : null;
    }
  }
}
