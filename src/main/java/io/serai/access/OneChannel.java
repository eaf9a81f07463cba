package io.serai.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What narrows all that this method does and shows to one channel. Whoever is bound to channels may
 * call no method without it, and this one only for a channel of theirs.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OneChannel {
  /** The method looks into the body and asks {@link Caller#mayName} itself. */
  String IN_BODY = "";

  /**
   * Name of the query parameter or part of the path that is the channel, or begins with it and a
   * colon, as an order's id may.
   */
  String value();
}
