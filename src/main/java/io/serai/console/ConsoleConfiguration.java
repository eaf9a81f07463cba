package io.serai.console;

import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the console's door; what is behind it is made when somebody first knocks. */
@Configuration(proxyBeanMethods = false)
public class ConsoleConfiguration {
  @Bean
  ConsoleServlet consoleDoor(ApplicationContext hub) {
    return new ConsoleServlet(hub);
  }

  @Bean
  ServletRegistrationBean<ConsoleServlet> consoleServlet(ConsoleServlet door) {
    var registration = new ServletRegistrationBean<>(door, "/console/*");
    registration.setName("console");
    registration.setAsyncSupported(true);
    return registration;
  }
}
