package io.serai.simulator;

import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.IntValue;
import graphql.language.OperationDefinition;
import graphql.language.SelectionSet;
import graphql.language.VariableReference;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLNamedOutputType;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a query costs, before and after.
 *
 * <p>The formula is not published; this one gives the figures seen on a real shop: a mutation is 10
 * and the object it returns is free, an object is 1, money and page information are free, and a
 * connection of n is 2 plus max(1, ⌊2 ln n⌋) times a node with its content.
 */
final class QueryCost {

  /** The dearest query that is run at all. */
  static final int LIMIT = 1000;

  private static final Set<String> FREE =
      Set.of("MoneyBag", "MoneyV2", "PageInfo", "CashRoundingAdjustment");

  private final GraphQLSchema schema;
  private final Document document;
  private final Map<String, Object> variables;

  QueryCost(GraphQLSchema schema, Document document, Map<String, Object> variables) {
    this.schema = schema;
    this.document = document;
    this.variables = variables;
  }

  /** The cost of an operation as asked for, every page full. */
  int requested(OperationDefinition operation) {
    return cost(operation, null);
  }

  /** The cost of an operation as it turned out. */
  int actual(OperationDefinition operation, Map<String, Object> data) {
    return cost(operation, data);
  }

  private int cost(OperationDefinition operation, Map<String, Object> data) {
    var mutation = operation.getOperation() == OperationDefinition.Operation.MUTATION;
    var root = mutation ? schema.getMutationType() : schema.getQueryType();
    if (!mutation) {
      return selections(operation.getSelectionSet(), root, data, data != null);
    }
    var cost = 0;
    for (var field : operation.getSelectionSet().getSelectionsOfType(Field.class)) {
      cost += 10;
      if (field.getSelectionSet() != null) {
        var value = data == null ? null : data.get(key(field));
        cost += payload(field, root, value, data != null);
      }
    }
    return cost;
  }

  private int payload(Field mutation, GraphQLObjectType root, Object value, boolean actual) {
    var definition = root.getFieldDefinition(mutation.getName());
    if (definition == null
        || !(unwrapped(definition.getType()) instanceof GraphQLFieldsContainer type)) {
      return 0;
    }
    var cost = 0;
    for (var field : mutation.getSelectionSet().getSelectionsOfType(Field.class)) {
      if (field.getSelectionSet() != null) {
        var inner = type.getFieldDefinition(field.getName());
        var content = value instanceof Map<?, ?> map ? map.get(key(field)) : null;
        if (inner != null
            && unwrapped(inner.getType()) instanceof GraphQLNamedOutputType output
            && !field.getName().endsWith("serErrors")) {
          cost += selections(field.getSelectionSet(), output, content, actual);
        }
      }
    }
    return cost;
  }

  private int selections(SelectionSet set, GraphQLType type, Object data, boolean actual) {
    if (set == null || actual && data == null) {
      return 0;
    }
    if (actual && data instanceof List<?> list) {
      return list.stream().mapToInt(one -> selections(set, type, one, true)).max().orElse(0);
    }
    var cost = 0;
    for (var field : set.getSelectionsOfType(Field.class)) {
      cost += field(field, type, data, actual);
    }
    for (var fragment : set.getSelectionsOfType(InlineFragment.class)) {
      var condition = fragment.getTypeCondition();
      var inner = condition == null ? type : schema.getType(condition.getName());
      cost += selections(fragment.getSelectionSet(), inner, data, actual);
    }
    for (var spread : set.getSelectionsOfType(FragmentSpread.class)) {
      for (var fragment : document.getDefinitionsOfType(FragmentDefinition.class)) {
        if (fragment.getName().equals(spread.getName())) {
          var inner = schema.getType(fragment.getTypeCondition().getName());
          cost += selections(fragment.getSelectionSet(), inner, data, actual);
        }
      }
    }
    return cost;
  }

  private int field(Field field, GraphQLType parent, Object data, boolean actual) {
    if (field.getSelectionSet() == null || !(parent instanceof GraphQLFieldsContainer container)) {
      return 0;
    }
    var definition = container.getFieldDefinition(field.getName());
    if (definition == null) {
      return 0;
    }
    var type = (GraphQLNamedOutputType) unwrapped(definition.getType());
    var content = data instanceof Map<?, ?> map ? map.get(key(field)) : null;
    if (actual && (content == null || content instanceof List<?> list && list.isEmpty())) {
      return 0;
    }
    if (type.getName().endsWith("Connection")) {
      return connection(field, (GraphQLFieldsContainer) type, content, actual);
    }
    var own = FREE.contains(type.getName()) ? 0 : type.getName().equals("Count") ? 10 : 1;
    return own + selections(field.getSelectionSet(), type, content, actual);
  }

  private int connection(Field field, GraphQLFieldsContainer type, Object content, boolean actual) {
    var node = 0;
    var count = 0;
    for (var inner : field.getSelectionSet().getSelectionsOfType(Field.class)) {
      if (inner.getName().equals("pageInfo")) {
        continue;
      }
      var definition = type.getFieldDefinition(inner.getName());
      if (definition == null) {
        continue;
      }
      var value = content instanceof Map<?, ?> map ? map.get(key(inner)) : null;
      count = Math.max(count, value instanceof List<?> list ? list.size() : 0);
      var innerType = unwrapped(definition.getType());
      if (inner.getName().equals("edges") && innerType instanceof GraphQLFieldsContainer edge) {
        for (var edgeField : inner.getSelectionSet().getSelectionsOfType(Field.class)) {
          if (edgeField.getSelectionSet() != null) {
            var nodeType = unwrapped(edge.getFieldDefinition(edgeField.getName()).getType());
            var nodes =
                value instanceof List<?> list
                    ? list.stream()
                        .map(e -> e instanceof Map<?, ?> m ? m.get(key(edgeField)) : null)
                        .filter(java.util.Objects::nonNull)
                        .toList()
                    : null;
            node += selections(edgeField.getSelectionSet(), nodeType, nodes, actual);
          }
        }
      } else {
        node += selections(inner.getSelectionSet(), innerType, value, actual);
      }
    }
    if (!actual) {
      count = size(field);
    }
    return count == 0 ? 2 : 2 + weight(count) * (1 + node);
  }

  private static int weight(int count) {
    return Math.max(1, (int) Math.floor(2 * Math.log(count)));
  }

  private int size(Field field) {
    for (var argument : field.getArguments()) {
      if (argument.getName().equals("first") || argument.getName().equals("last")) {
        if (argument.getValue() instanceof IntValue value) {
          return value.getValue().intValue();
        }
        if (argument.getValue() instanceof VariableReference variable
            && variables.get(variable.getName()) instanceof Number number) {
          return number.intValue();
        }
      }
    }
    return 0;
  }

  private static String key(Field field) {
    return field.getAlias() == null ? field.getName() : field.getAlias();
  }

  private static GraphQLType unwrapped(GraphQLType type) {
    return GraphQLTypeUtil.unwrapAll(type);
  }
}
