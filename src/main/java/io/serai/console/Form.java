package io.serai.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** What all forms of the console have in common. */
final class Form {
  static final int LONGEST_REASON = 500;
  private static final String SENT = "serai.sent";
  private static final int REMEMBERED = 100;

  private Form() {}

  /** A mark for one form: sent twice, it is still one. */
  static String mark() {
    return UUID.randomUUID().toString();
  }

  /**
   * Does what a form asks for, once: the second press of a button gets the first one's answer.
   *
   * @param mark the form's own
   */
  static String once(HttpServletRequest request, String mark, Supplier<String> work) {
    var session = request.getSession();
    synchronized (org.springframework.web.util.WebUtils.getSessionMutex(session)) {
      @SuppressWarnings("unchecked")
      var sent = (Map<String, String>) session.getAttribute(SENT);
      if (sent == null) {
        sent = new LinkedHashMap<>();
      }
      var before = sent.get(mark);
      if (before != null) {
        return before;
      }
      var answer = work.get();
      sent.put(mark, answer);
      if (sent.size() > REMEMBERED) {
        sent.remove(sent.keySet().iterator().next());
      }
      session.setAttribute(SENT, sent);
      return answer;
    }
  }

  /** The text, or null when there is none: an empty field of a form means nothing. */
  static String given(String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }
}
