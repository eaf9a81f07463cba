package io.serai.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses mapping text that would put money through binary fractions: JSLT's own arithmetic and its
 * number functions compute in doubles.
 *
 * <p>Guarantee: {@code + - * /}, {@code number}, {@code round}, {@code floor}, {@code ceiling},
 * {@code sum}, {@code min} and {@code max} on a field or variable whose name says money are found.
 * Gap: it goes by names; money behind a neutral name passes.
 */
public final class MappingLint {

  private static final Set<String> MONEY =
      Set.of(
          "price",
          "prices",
          "amount",
          "money",
          "total",
          "subtotal",
          "cost",
          "fee",
          "fees",
          "tax",
          "discount",
          "discounts",
          "tip",
          "gratuity",
          "duty",
          "duties",
          "charge",
          "rounding",
          "outstanding");
  private static final Set<String> NOT_MONEY =
      Set.of(
          "quantity",
          "weight",
          "count",
          "lines",
          "rate",
          "grams",
          "type",
          "name",
          "title",
          "code",
          "index",
          "size",
          "id",
          "query");
  private static final Set<String> DOUBLE_FUNCTIONS =
      Set.of("number", "round", "floor", "ceiling", "sum", "min", "max");

  private static final Set<String> KEYWORDS =
      Set.of("if", "else", "let", "def", "for", "and", "or", "import", "as");

  private MappingLint() {}

  /** One fault: the line, and a sentence that says what to write instead. */
  public record Finding(int line, String sentence) {}

  /** The faults of a mapping text, in order; empty for a sound one. */
  public static List<Finding> check(String text) {
    List<Token> tokens = tokens(text);
    var found = new ArrayList<Finding>();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.kind == Kind.OPERATOR) {
        operator(tokens, i, found);
      } else if (token.kind == Kind.NAME
          && DOUBLE_FUNCTIONS.contains(token.text)
          && at(tokens, i + 1).text.equals("(")) {
        String money = money(tokens, i + 2, closing(tokens, i + 1));
        if (money != null) {
          found.add(
              new Finding(
                  token.line,
                  "'%s' makes a binary fraction of the money in '%s'; use decimal() or the money- functions."
                      .formatted(token.text, money)));
        }
      }
    }
    return found;
  }

  private static void operator(List<Token> tokens, int at, List<Finding> found) {
    int start = operandStart(tokens, at - 1);
    int end = operandEnd(tokens, at + 1);
    if (start > at - 1) {
      return;
    }
    boolean joinsText =
        at(tokens, at).text.equals("+")
            && (at(tokens, at - 1).kind == Kind.TEXT || at(tokens, at + 1).kind == Kind.TEXT);
    if (joinsText) {
      return;
    }
    String money = money(tokens, start, at);
    if (money == null) {
      money = money(tokens, at + 1, end);
    }
    if (money != null) {
      found.add(
          new Finding(
              tokens.get(at).line,
              "'%s' computes the money in '%s' as a binary fraction; use money-add, money-subtract, money-multiply or money-divide."
                  .formatted(tokens.get(at).text, money)));
    }
  }

  /** Index of the first token of the operand that ends at {@code last}; last + 1 when none does. */
  private static int operandStart(List<Token> tokens, int last) {
    int i = last;
    while (i >= 0) {
      Token token = tokens.get(i);
      if (token.text.equals(")") || token.text.equals("]")) {
        i = opening(tokens, i) - 1;
      } else if (token.kind == Kind.KEY
          || token.kind == Kind.VARIABLE
          || token.kind == Kind.NAME && !KEYWORDS.contains(token.text)
          || token.kind == Kind.NUMBER
          || token.kind == Kind.TEXT) {
        i--;
        if (token.kind == Kind.VARIABLE || token.kind == Kind.NUMBER || token.kind == Kind.TEXT) {
          break;
        }
      } else {
        break;
      }
    }
    return i + 1;
  }

  private static int operandEnd(List<Token> tokens, int first) {
    int i = first;
    while (i < tokens.size()) {
      Token token = tokens.get(i);
      if (token.text.equals("(") || token.text.equals("[")) {
        i = closing(tokens, i) + 1;
      } else if (token.kind == Kind.KEY
          || token.kind == Kind.VARIABLE
          || token.kind == Kind.NAME && !KEYWORDS.contains(token.text)
          || token.kind == Kind.NUMBER) {
        i++;
      } else {
        break;
      }
    }
    return i;
  }

  private static int opening(List<Token> tokens, int at) {
    int depth = 0;
    for (int i = at; i >= 0; i--) {
      String text = tokens.get(i).text;
      if (text.equals(")") || text.equals("]")) {
        depth++;
      } else if ((text.equals("(") || text.equals("[")) && --depth == 0) {
        return i;
      }
    }
    return 0;
  }

  private static int closing(List<Token> tokens, int at) {
    int depth = 0;
    for (int i = at; i < tokens.size(); i++) {
      String text = tokens.get(i).text;
      if (text.equals("(") || text.equals("[")) {
        depth++;
      } else if ((text.equals(")") || text.equals("]")) && --depth == 0) {
        return i;
      }
    }
    return tokens.size() - 1;
  }

  private static String money(List<Token> tokens, int from, int to) {
    for (int i = from; i < Math.min(to, tokens.size()); i++) {
      Token token = tokens.get(i);
      if (token.kind == Kind.NAME && token.text.equals("size")) {
        i = closing(tokens, i + 1);
      } else if ((token.kind == Kind.KEY || token.kind == Kind.VARIABLE) && saysMoney(token.text)) {
        return token.text;
      }
    }
    return null;
  }

  private static boolean saysMoney(String name) {
    boolean money = false;
    for (String word : name.split("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")) {
      String lower = word.toLowerCase(Locale.ROOT);
      if (NOT_MONEY.contains(lower)) {
        return false;
      }
      money |= MONEY.contains(lower);
    }
    return money;
  }

  private static Token at(List<Token> tokens, int index) {
    return index >= 0 && index < tokens.size()
        ? tokens.get(index)
        : new Token(Kind.PUNCTUATION, "", 0);
  }

  private enum Kind {
    KEY,
    VARIABLE,
    NAME,
    NUMBER,
    TEXT,
    OPERATOR,
    PUNCTUATION
  }

  private record Token(Kind kind, String text, int line) {}

  private static List<Token> tokens(String text) {
    var tokens = new ArrayList<Token>();
    int line = 1;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
        i++;
      } else if (Character.isWhitespace(c)) {
        i++;
      } else if (text.startsWith("//", i)) {
        int end = text.indexOf('\n', i);
        i = end < 0 ? text.length() : end;
      } else if (c == '"') {
        int end = textEnd(text, i);
        String value = text.substring(i + 1, Math.max(i + 1, end - 1));
        boolean key =
            !tokens.isEmpty()
                && tokens.getLast().text.equals(".")
                && i > 0
                && text.charAt(i - 1) == '.';
        if (key) {
          tokens.removeLast();
        }
        tokens.add(new Token(key ? Kind.KEY : Kind.TEXT, value, line));
        line += (int) value.chars().filter(n -> n == '\n').count();
        i = end;
      } else if (Character.isDigit(c)) {
        int end = i;
        while (end < text.length()
            && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '.')) {
          end++;
        }
        tokens.add(new Token(Kind.NUMBER, text.substring(i, end), line));
        i = end;
      } else if (isNameStart(c)) {
        int end = nameEnd(text, i);
        tokens.add(new Token(Kind.NAME, text.substring(i, end), line));
        i = end;
      } else if ((c == '.' || c == '$')
          && i + 1 < text.length()
          && isNameStart(text.charAt(i + 1))) {
        int end = nameEnd(text, i + 1);
        tokens.add(
            new Token(c == '.' ? Kind.KEY : Kind.VARIABLE, text.substring(i + 1, end), line));
        i = end;
      } else if ("+-*/".indexOf(c) >= 0) {
        tokens.add(new Token(Kind.OPERATOR, String.valueOf(c), line));
        i++;
      } else {
        tokens.add(new Token(Kind.PUNCTUATION, String.valueOf(c), line));
        i++;
      }
    }
    return tokens;
  }

  private static int textEnd(String text, int start) {
    int i = start + 1;
    while (i < text.length() && text.charAt(i) != '"') {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(text.length(), i + 1);
  }

  private static boolean isNameStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static int nameEnd(String text, int start) {
    int i = start;
    while (i < text.length()
        && (isNameStart(text.charAt(i))
            || Character.isDigit(text.charAt(i))
            || text.charAt(i) == '-')) {
      i++;
    }
    return i;
  }
}
