/* fake_driver.h - drivers of controllers without controllers: the models speak
 * the protocol of models/upstream/README.md on descriptors 3 and 4, with
 * virtual clocks of their own and real GETs of the balancer's page.
 */
#ifndef TESTS_FAKE_DRIVER_H
#define TESTS_FAKE_DRIVER_H

#include "tests/fake_hpa_sync.h"
#include "tests/fake_keda_loop.h"

/* Whether this process was started as a driver. */
static bool fake_driver_wanted(int argc, char **argv)
{
    return argc > 1 && strcmp(argv[1], "-test.run=TestDrive") == 0;
}

static int fake_driver_main(void)
{
    const char *fault = getenv("FAKE");
    struct fake f = {fdopen(3, "r"), fdopen(4, "w"), 0, fault ? fault : ""};
    json_t *start = fake_read(&f);

    if (json_object_get(start, "hpa"))
        fake_hpa_run(&f, start);
    else
        fake_keda_run(&f, start);
    return 0;
}

#endif
