package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graphql.GraphQLError;
import graphql.GraphqlErrorException;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import graphql.language.OperationDefinition;
import graphql.validation.ValidationError;
import graphql.validation.ValidationErrorType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** What went wrong with a query, in the words and codes the Admin API has for it. */
final class ShopifyErrors {

  private static final Pattern PREFIX = Pattern.compile("^Validation error \\([^)]*\\)\\s*: ");
  private static final Pattern UNDEFINED =
      Pattern.compile("Field '(\\w+)' in type '(\\w+)' is undefined");
  private static final Pattern QUOTED = Pattern.compile("'(\\w+)'");
  private static final Pattern TOO_MANY =
      Pattern.compile(".*field name '(\\w+)' that is not defined for input object type '(\\w+)'.*");

  private ShopifyErrors() {}

  /** Errors found before anything ran. */
  static ArrayNode of(List<? extends GraphQLError> errors, OperationDefinition operation) {
    var list = Jsons.array();
    for (var error : errors) {
      list.add(json(error, operation));
    }
    return list;
  }

  private static ObjectNode json(GraphQLError error, OperationDefinition operation) {
    var json = Jsons.object();
    var extensions = Jsons.object();
    if (error instanceof ValidationError validation) {
      validation(validation, json, extensions, operation);
    } else if (error.getExtensions() != null && error.getExtensions().get("code") != null) {
      json.put("message", error.getMessage());
      error.getExtensions().forEach((k, v) -> extensions.set(k, Jsons.tree(v)));
    } else {
      variable(error, json, extensions);
    }
    var locations = json.putArray("locations");
    if (error.getLocations() != null) {
      error
          .getLocations()
          .forEach(
              l -> locations.addObject().put("line", l.getLine()).put("column", l.getColumn()));
    }
    if (!json.has("path") && error.getPath() != null) {
      json.set("path", Jsons.tree(error.getPath()));
    }
    json.set("extensions", extensions);
    return json;
  }

  private static void validation(
      ValidationError error,
      ObjectNode json,
      ObjectNode extensions,
      OperationDefinition operation) {
    var path = json.putArray("path");
    path.add(operation(operation));
    if (error.getQueryPath() != null) {
      error.getQueryPath().forEach(path::add);
    }
    var plain = PREFIX.matcher(error.getMessage()).replaceFirst("");
    var type = (ValidationErrorType) error.getValidationErrorType();
    var undefined = UNDEFINED.matcher(plain);
    var quoted = QUOTED.matcher(plain);
    if (type == ValidationErrorType.FieldUndefined && undefined.find()) {
      json.put(
          "message",
          "Field '%s' doesn't exist on type '%s'"
              .formatted(undefined.group(1), undefined.group(2)));
      extensions.put("code", "undefinedField");
      extensions.put("typeName", undefined.group(2));
      extensions.put("fieldName", undefined.group(1));
    } else if (type == ValidationErrorType.MissingFieldArgument && quoted.find()) {
      json.put(
          "message",
          "Field '%s' is missing required arguments: %s".formatted(last(error), quoted.group(1)));
      extensions.put("code", "missingRequiredArguments");
      extensions.put("className", "Field");
      extensions.put("name", last(error));
      extensions.put("arguments", quoted.group(1));
    } else if (type == ValidationErrorType.UnknownArgument && quoted.find()) {
      json.put(
          "message",
          "Field '%s' doesn't accept argument '%s'".formatted(last(error), quoted.group(1)));
      extensions.put("code", "argumentNotAccepted");
      extensions.put("name", last(error));
      extensions.put("argumentName", quoted.group(1));
    } else {
      json.put("message", plain);
      extensions.put("code", camel(type.toString()));
    }
  }

  private static void variable(GraphQLError error, ObjectNode json, ObjectNode extensions) {
    var tooMany = TOO_MANY.matcher(error.getMessage());
    json.put(
        "message",
        tooMany.matches()
            ? "Variable was provided invalid value for %s (Field is not defined on %s)"
                .formatted(tooMany.group(1), tooMany.group(2))
            : error.getMessage());
    extensions.put("code", "INVALID_VARIABLE");
  }

  private static String last(ValidationError error) {
    var path = error.getQueryPath();
    return path == null || path.isEmpty() ? "" : path.get(path.size() - 1);
  }

  private static String operation(OperationDefinition operation) {
    if (operation == null) {
      return "query";
    }
    var kind = operation.getOperation().name().toLowerCase(Locale.ROOT);
    return operation.getName() == null ? kind : kind + " " + operation.getName();
  }

  private static String camel(String type) {
    return Character.toLowerCase(type.charAt(0)) + type.substring(1);
  }

  /** One error with a code and nothing else. */
  static ArrayNode of(String message, String code) {
    var list = Jsons.array();
    var error = list.addObject().put("message", message);
    error.putObject("extensions").put("code", code);
    return list;
  }

  /** Keeps the sentence and the code of what a fetcher threw. */
  static final class Handler implements DataFetcherExceptionHandler {
    @Override
    public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
        DataFetcherExceptionHandlerParameters parameters) {
      var thrown = parameters.getException();
      Map<String, Object> extensions =
          thrown instanceof GraphqlErrorException known
              ? known.getExtensions()
              : Map.of("code", "INTERNAL_SERVER_ERROR");
      var error =
          GraphQLError.newError()
              .message("%s", thrown.getMessage() == null ? thrown : thrown.getMessage())
              .path(parameters.getPath())
              .location(parameters.getSourceLocation())
              .extensions(extensions)
              .build();
      return CompletableFuture.completedFuture(
          DataFetcherExceptionHandlerResult.newResult(error).build());
    }
  }
}
