package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Objects;

/**
 * One set of knobs over several stand-ins: {@code /_control/summary} of all, {@code
 * /_control/<name>/...} of each, {@code /_control/progress} of the channels, and everything else of
 * the first that has it.
 */
final class JointControl implements AutoCloseable {

  private static final String ROOT = "/_control/";

  private final List<ControlApi> simulators;
  private final HttpFace face;

  JointControl(int port, List<ControlApi> simulators) {
    this.simulators = simulators;
    this.face = new HttpFace(port, this::answer);
  }

  URI url() {
    return face.url();
  }

  @Override
  public void close() {
    face.close();
  }

  private Answer answer(Request request) throws Exception {
    if (!request.path().startsWith(ROOT)) {
      return ControlApi.error(404, "There is nothing here; the knobs are under " + ROOT + ".");
    }
    var rest = request.path().substring(ROOT.length());
    for (var simulator : simulators) {
      if (rest.startsWith(simulator.name() + "/")) {
        return simulator.answer(request.at(ROOT + rest.substring(simulator.name().length() + 1)));
      }
    }
    if (request.method().equals("GET") && rest.equals("progress")) {
      return Answer.json(200, progress());
    }
    if (request.method().equals("GET") && (rest.equals("summary") || rest.equals("moods"))) {
      var all = Jsons.object();
      for (var simulator : simulators) {
        all.set(simulator.name(), Jsons.read(simulator.answer(request).body()));
      }
      return Answer.json(200, all);
    }
    if (rest.equals("moods")) {
      return moods(request);
    }
    return simulators.stream()
        .map(s -> quietly(s, request))
        .filter(Objects::nonNull)
        .filter(a -> a.status() != 404)
        .findFirst()
        .orElseGet(() -> ControlApi.error(404, "There is no knob '" + rest + "'."));
  }

  /** How far each channel is; cheap enough to be asked several times a second. */
  private ObjectNode progress() {
    var all = Jsons.object();
    for (var one : simulators) {
      if (one.simulator() instanceof ChannelSimulator channel) {
        all.putObject(one.name()).put("placed", channel.placed()).put("owed", channel.owed());
      }
    }
    return all;
  }

  /**
   * {@code {"shopify":[..],"rest3pl":[..]}}: each named stand-in gets its moods, the rest keep
   * theirs.
   */
  private Answer moods(Request request) throws Exception {
    var body = request.json();
    var all = Jsons.object();
    for (var simulator : simulators) {
      if (body.has(simulator.name())) {
        var own = request.at(ROOT + "moods").with(Jsons.bytes(body.get(simulator.name())));
        var answer = simulator.answer(own);
        if (answer.status() != 200) {
          return answer;
        }
      }
      all.set(simulator.name(), simulator.simulator().moods().json());
    }
    return Answer.json(200, all);
  }

  private static Answer quietly(ControlApi simulator, Request request) {
    try {
      return simulator.answer(request);
    } catch (Exception e) {
      return ControlApi.error(500, String.valueOf(e));
    }
  }
}
