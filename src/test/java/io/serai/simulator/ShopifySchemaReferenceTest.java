package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.language.EnumTypeDefinition;
import graphql.language.FieldDefinition;
import graphql.language.ImplementingTypeDefinition;
import graphql.language.InputObjectTypeDefinition;
import graphql.language.InputValueDefinition;
import graphql.parser.ParserOptions;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import io.serai.support.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The schema served has nothing that the real one has not. */
class ShopifySchemaReferenceTest {

  @Test
  void everyTypeFieldArgumentAndValueIsOfTheRealSchema() throws IOException {
    var file = Reference.path("apis/shopify/admin-2026-07.schema.graphql");
    ParserOptions.setDefaultSdlParserOptions(
        ParserOptions.newParserOptions()
            .maxTokens(Integer.MAX_VALUE)
            .maxCharacters(Integer.MAX_VALUE)
            .maxWhitespaceTokens(Integer.MAX_VALUE)
            .build());
    var real = parse(Files.readString(file));

    var served =
        parse(
            new String(
                ShopifyGraphql.class
                    .getResourceAsStream("/simulator/shopify.graphqls")
                    .readAllBytes(),
                StandardCharsets.UTF_8));

    assertThat(differences(served, real)).isEmpty();
  }

  private static TypeDefinitionRegistry parse(String sdl) {
    return new SchemaParser().parse(sdl);
  }

  private static List<String> differences(
      TypeDefinitionRegistry served, TypeDefinitionRegistry real) {
    var differences = new ArrayList<String>();
    served
        .types()
        .forEach(
            (name, type) -> {
              var other = real.types().get(name);
              if (other == null) {
                differences.add("type " + name);
              } else if (type instanceof ImplementingTypeDefinition<?> object) {
                fields(object, (ImplementingTypeDefinition<?>) other, differences);
              } else if (type instanceof InputObjectTypeDefinition input) {
                inputs(
                    name,
                    input.getInputValueDefinitions(),
                    ((InputObjectTypeDefinition) other).getInputValueDefinitions(),
                    differences);
              } else if (type instanceof EnumTypeDefinition values) {
                var known =
                    ((EnumTypeDefinition) other)
                        .getEnumValueDefinitions().stream()
                            .map(v -> v.getName())
                            .collect(Collectors.toSet());
                values
                    .getEnumValueDefinitions()
                    .forEach(
                        v -> {
                          if (!known.contains(v.getName())) {
                            differences.add(name + "." + v.getName());
                          }
                        });
              }
            });
    return differences;
  }

  private static void fields(
      ImplementingTypeDefinition<?> served,
      ImplementingTypeDefinition<?> real,
      List<String> differences) {
    for (FieldDefinition field : served.getFieldDefinitions()) {
      var other =
          real.getFieldDefinitions().stream()
              .filter(f -> f.getName().equals(field.getName()))
              .findFirst();
      var name = served.getName() + "." + field.getName();
      if (other.isEmpty()) {
        differences.add(name);
      } else if (!other.get().getType().isEqualTo(field.getType())
          || !text(other.get().getType()).equals(text(field.getType()))) {
        differences.add(name + ": " + text(other.get().getType()));
      } else {
        inputs(
            name,
            field.getInputValueDefinitions(),
            other.get().getInputValueDefinitions(),
            differences);
      }
    }
  }

  private static void inputs(
      String name,
      List<InputValueDefinition> served,
      List<InputValueDefinition> real,
      List<String> differences) {
    var known = real.stream().map(ShopifySchemaReferenceTest::signature).toList();
    for (var input : served) {
      if (!known.contains(signature(input))) {
        differences.add(name + "(" + signature(input) + ")");
      }
    }
    for (var input : real) {
      if (input.getType() instanceof graphql.language.NonNullType
          && served.stream().noneMatch(s -> s.getName().equals(input.getName()))) {
        differences.add(name + " lacks " + signature(input));
      }
    }
  }

  private static String signature(InputValueDefinition input) {
    return input.getName() + ": " + text(input.getType());
  }

  private static String text(graphql.language.Type<?> type) {
    return graphql.language.AstPrinter.printAst(type);
  }
}
