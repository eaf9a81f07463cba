package io.serai.camel;

/** Takes the address of a step apart: {@code scheme:word/below?options}. */
final class Address {
  private Address() {}

  /** The component, <code>{{</code> when a parameter says it, or an empty text. */
  static String scheme(String uri) {
    if (uri.startsWith("{{")) {
      return "{{";
    }
    var colon = uri.indexOf(':');
    return colon < 0 ? "" : uri.substring(0, colon);
  }

  /** What stands between component and options. */
  static String path(String uri) {
    var path = uri.substring(uri.indexOf(':') + 1);
    var query = path.indexOf('?');
    path = query < 0 ? path : path.substring(0, query);
    return path.startsWith("//") ? path.substring(2) : path;
  }

  /** The word in {@code serai:word/rest}. */
  static String word(String uri) {
    var path = path(uri);
    var slash = path.indexOf('/');
    return slash < 0 ? path : path.substring(0, slash);
  }

  static String below(String uri) {
    var path = path(uri);
    var slash = path.indexOf('/');
    return slash < 0 ? "" : path.substring(slash + 1);
  }
}
