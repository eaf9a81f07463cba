/** What arrived, exactly as it arrived, once. */
package io.serai.inbox;
