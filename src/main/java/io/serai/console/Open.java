package io.serai.console;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Shown to people who have not logged in. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Open {}
