package io.serai.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The roles that may call this method over HTTP, and with them those that include one of them. A
 * mapped method without it is refused to everybody.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Allows {
  /** One of these, or a role that includes one. */
  Role[] value();
}
