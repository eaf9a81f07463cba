/** The hub with its stand-ins: demo and bench. */
package io.serai.demo;
