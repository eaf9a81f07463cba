package io.serai.simulator;

import java.util.ArrayList;
import java.util.Map;

/**
 * The knobs of a stand-in, under {@code /_control}: moods, summary, for a channel also {@code
 * orders} and {@code books}, and what it adds itself.
 *
 * <p>Nothing here is part of what the real one offers, and nothing asks for credentials.
 */
final class ControlApi {

  private static final String ROOT = "/_control/";

  private final Simulator simulator;
  private final Map<String, HttpFace.Handler> more;

  /**
   * Knobs of a simulator.
   *
   * @param more further ones, by method and path below the root, such as {@code POST orders}
   */
  ControlApi(Simulator simulator, Map<String, HttpFace.Handler> more) {
    this.simulator = simulator;
    this.more = more;
  }

  Simulator simulator() {
    return simulator;
  }

  String name() {
    return simulator.name();
  }

  boolean owns(Request request) {
    return request.path().startsWith(ROOT);
  }

  Answer answer(Request request) throws Exception {
    var knob = request.method() + " " + request.path().substring(ROOT.length());
    try {
      return switch (knob) {
        case "GET moods" -> Answer.json(200, simulator.moods().json());
        case "POST moods" -> moods(request);
        case "GET summary" ->
            Answer.json(200, simulator.summary("true".equals(request.query().get("detail"))));
        default -> {
          var handler = more.get(knob);
          yield handler == null ? ofAChannel(knob, request) : handler.answer(request);
        }
      };
    } catch (IllegalArgumentException e) {
      return error(400, e.getMessage());
    }
  }

  private Answer moods(Request request) throws Exception {
    var body = request.json();
    var moods = new ArrayList<Mood>();
    if (body.isArray()) {
      body.forEach(m -> moods.add(Mood.read(m)));
    } else if (body.has("mood")) {
      moods.add(Mood.read(body));
    }
    simulator.moods().set(moods);
    return Answer.json(200, simulator.moods().json());
  }

  private Answer ofAChannel(String knob, Request request) throws Exception {
    if (simulator instanceof ChannelSimulator channel) {
      switch (knob) {
        case "POST orders" -> {
          return orders(channel, request);
        }
        case "GET books" -> {
          return Answer.json(200, channel.books().json());
        }
        default -> {}
      }
    }
    return error(404, "There is no knob '" + knob + "'.");
  }

  private static Answer orders(ChannelSimulator channel, Request request) throws Exception {
    var body = request.json();
    if (!body.path("count").isInt() || body.get("count").asInt() < 0) {
      return error(400, "Field 'count' is not a whole number; give the total wanted.");
    }
    var wanted = body.get("count").asInt();
    channel.createUpTo(wanted, body.path("ratePerSecond").asDouble(0));
    return Answer.json(202, Jsons.object().put("wanted", wanted).put("placed", channel.placed()));
  }

  static Answer error(int status, String message) {
    return Answer.json(status, Jsons.object().put("error", message));
  }
}
