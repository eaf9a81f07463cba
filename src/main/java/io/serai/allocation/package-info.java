/** Which location ships which line, and why. */
package io.serai.allocation;
