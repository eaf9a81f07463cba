package io.serai.simulator;

import java.net.URI;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * What every stand-in for a channel has around its shop: moods, knobs, a face and a flow of orders.
 *
 * <p>A stand-in opens its shop first, then calls {@link #open}, and closes what is its own after
 * {@code super.close()}, when nobody asks it any more.
 */
abstract class ChannelBase implements ChannelSimulator {

  private final String name;
  private final Moods moods;
  private OrderFlow flow;
  private ControlApi control;
  private HttpFace face;

  ChannelBase(String name, long seed) {
    this.name = name;
    moods = new Moods(seed);
  }

  /**
   * Begins to answer.
   *
   * @param port where, 0 for a free one
   * @param knobs those that other channels do not have
   * @param api answers everything that is no knob
   * @param size how many orders there are
   * @param place places one more
   */
  final void open(
      int port,
      Map<String, HttpFace.Handler> knobs,
      HttpFace.Handler api,
      IntSupplier size,
      Runnable place) {
    flow = new OrderFlow(size, place);
    control = new ControlApi(this, knobs);
    face =
        new HttpFace(
            port, request -> control.owns(request) ? control.answer(request) : api.answer(request));
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final URI url() {
    return face.url();
  }

  @Override
  public final Moods moods() {
    return moods;
  }

  @Override
  public final ControlApi control() {
    return control;
  }

  @Override
  public final void createUpTo(int total, double perSecond) {
    flow.want(total, perSecond);
  }

  /** How many orders are wanted. */
  final int wanted() {
    return flow.wanted();
  }

  @Override
  public void close() {
    flow.close();
    face.close();
  }
}
