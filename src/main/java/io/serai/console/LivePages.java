package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Role;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The stream that tells a page when to look again. */
@Controller
final class LivePages {
  private final LiveEvents events;

  LivePages(LiveEvents events) {
    this.events = events;
  }

  @GetMapping(path = "/live", produces = "text/event-stream")
  @Allows(Role.VIEWER)
  SseEmitter live() {
    return events.listen();
  }
}
