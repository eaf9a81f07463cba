/** What one order went through, step by step, told to a collector of traces. */
package io.serai.trace;
