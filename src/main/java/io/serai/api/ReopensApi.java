package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Reopening;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes discards back. */
@Tag(name = "dead-letters", description = "What stopped, why, and the way back in.")
@RestController
@RequestMapping(path = "/api/v1/dead-letters", produces = "application/json")
public final class ReopensApi {
  private final Reopening reopening;

  ReopensApi(Reopening reopening) {
    this.reopening = reopening;
  }

  @Operation(
      summary = "Reopen what was discarded",
      description =
          "A message or delivery is a dead letter again, as it was. 422 when its payload is gone, or the order went on"
              + " without it; 409 when it is not discarded.")
  @PostMapping(path = "/{id}/reopen", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public DeadLetterViews.Done reopen(
      @Parameter(example = "msg_17") @PathVariable String id,
      @RequestBody DeadLetterViews.Reopen request,
      Caller caller) {
    return DeadLettersApi.done(
        id,
        reopening.reopen(
            id,
            request.reason(),
            caller.name(),
            request.fence() == null ? DeadLetters.AS_IT_IS : request.fence()));
  }
}
