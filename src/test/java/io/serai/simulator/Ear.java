package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Something that hears webhooks, answers as it is told, and remembers what it heard. */
final class Ear implements AutoCloseable {

  private final List<Request> heard = new CopyOnWriteArrayList<>();
  private final HttpFace face;
  private volatile Function<Request, Integer> answers = request -> 200;

  Ear() {
    face =
        new HttpFace(
            0,
            request -> {
              heard.add(request);
              return Answer.text(answers.apply(request), "text/plain", "heard");
            });
  }

  URI url() {
    return face.url().resolve("/webhooks/account");
  }

  void answering(int status) {
    answers = request -> status;
  }

  void answering(Function<Request, Integer> how) {
    answers = how;
  }

  List<Request> heard() {
    return heard;
  }

  List<Request> heard(String topic) {
    return heard.stream().filter(r -> topic(r).equals(topic)).toList();
  }

  static String topic(Request request) {
    return request.header("X-Shopify-Topic").orElseGet(() -> json(request).path("type").asText());
  }

  static JsonNode json(Request request) {
    return Jsons.own(request.body());
  }

  @Override
  public void close() {
    face.close();
  }
}
