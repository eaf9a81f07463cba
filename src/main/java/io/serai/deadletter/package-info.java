/** What stopped, why, and the way back in. */
package io.serai.deadletter;
