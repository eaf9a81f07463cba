package io.serai.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What only looks when the field {@code dryRun} of its body is true. Of a read-only hub that may be
 * asked; what the same method would change is refused once the body is read.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OffersDryRun {}
