/* client.h - a build client: dialling, waiting, failing, trying again.
 *
 * Models    one `docker buildx build` (remote driver) or `buildctl build`
 *           inside a shell loop of attempts with a constant sleep: the probe
 *           dial, the 20 s wait with its polls and redials, the classifier
 *           that reads the log of a failed attempt, the job's timeout.
 * Source    docker/buildx driver/remote/driver.go v0.36.0; moby/buildkit
 *           client/client.go v0.29.0 (Wait); gRPC-Go 1.79 clientconn.go;
 *           pytorch/pytorch pull requests 186955 and 190607. Times measured
 *           with buildx 0.36.0 and buildctl 0.29.0 behind HAProxy.
 * Left out  `buildctl --wait`; a balancer name that does not resolve (acts as
 *           refused, without the dials); the 15 ms from SIGINT to the close.
 *
 * Every function returns what to do next; that replaces whatever an earlier
 * call asked for. client.generation rises with each call, so an event that
 * carries an older one is stale (the job's end carries none).
 *
 * The slot is held from the moment the balancer serves the dial until the
 * work ends: start lag (connect_ok_us, and in the wait phase up to the next
 * poll) plus the work of the trace. The socket closes with the work.
 */
#ifndef MODELS_CLIENT_H
#define MODELS_CLIENT_H

#include "models/client_params.h"

enum client_state {
    CLIENT_NEW,
    CLIENT_CREATING,  /* dial of the builder's registration is open */
    CLIENT_PROBING,   /* first dial of an attempt is open */
    CLIENT_WAITING,   /* a later dial is open */
    CLIENT_GAP,       /* nothing open; next dial is planned */
    CLIENT_CONNECTED, /* holds a slot, build not started */
    CLIENT_BUILDING,
    CLIENT_ENDED
};

enum client_outcome { /* the one end of a build */
                      CLIENT_DONE,
                      CLIENT_ERROR,   /* the build's own error, not retried */
                      CLIENT_CUT,     /* lost its connection while building, not
                                         retried */
                      CLIENT_GAVE_UP, /* never got to build in its last attempt
                                       */
                      CLIENT_TIMED_OUT, /* the job's timeout */
                      CLIENT_CANCELLED
};

struct client {                    /* starts from {0} */
    const struct client_params *p; /* borrowed */
    enum client_state state;
    enum client_outcome outcome; /* once ENDED */
    uint32_t generation;
    uint32_t attempt, dials; /* both from 1 with the first dial; dials of all
                                jobs */
    bool waited;             /* this attempt's probe failed */
    bool fresh;              /* the next dial begins an attempt */
    bool late;               /* connected too late to be seen by a poll */
    sim_us dial_us;          /* newest dial */
    sim_us wait_us;          /* waited: when the wait and its polls began */
};

enum client_what {
    CLIENT_DO_DIAL, /* at at_us: dial, and call client_on_dial */
    CLIENT_DO_HOLD, /* keep the dial; at at_us call client_on_deadline */
    CLIENT_DO_WORK, /* at at_us call client_on_work: the work starts */
    CLIENT_DO_RUN,  /* nothing: the work goes on */
    CLIENT_DO_END   /* at_us is the end of the job's step; see outcome */
};

struct client_todo {
    enum client_what what;
    bool leave; /* first, now: close the open dial (FIN, preface sent) */
    sim_us at_us;
};

/* The job comes to its build: dial now. The job's timeout, which the caller
 * plans, is client_job_end_us(). A job that is run again starts the same client
 * once more: attempts from 1, dials go on.
 */
struct client_todo
client_on_start(struct client *c, const struct client_params *p, sim_us now_us);

/* When the job's limit is reached, or SIM_NEVER.
 *
 * dial_us   client_on_start: the set-up is over by then, and counts
 */
sim_us client_job_end_us(const struct client_params *p, sim_us dial_us);

/* A dial goes out; call before the balancer is asked. HOLD until its end. */
struct client_todo client_on_dial(struct client *c, sim_us now_us);

/* When the client gives up the open dial; SIM_NEVER if it is connected. */
sim_us client_deadline_us(const struct client *c);

/* The open dial was refused or closed; while BUILDING this is a cut.
 *
 * u         uniform in (0, 1), for the redial gap
 */
struct client_todo client_on_closed(struct client *c, sim_us now_us, double u);

/* The time of a HOLD has come. */
struct client_todo client_on_deadline(struct client *c, sim_us now_us,
                                      double u);

/* The dial reached a pod. WORK; or HOLD if no poll will see it in time. A
 * CREATING client leaves and dials its first attempt.
 */
struct client_todo client_on_connected(struct client *c, sim_us now_us);

struct client_todo client_on_work(struct client *c, sim_us now_us);

enum client_build_end { CLIENT_BUILD_OK, CLIENT_BUILD_ERROR, CLIENT_BUILD_CUT };

/* The work ended; the socket is closed by now.
 *
 * u         uniform in (0, 1); for error_retry_frac
 */
struct client_todo client_on_build_end(struct client *c, sim_us now_us,
                                       enum client_build_end how, double u);

/* The job is killed, in any state but ENDED. leave says if a dial or a
 * session is open.
 *
 * outcome   CLIENT_TIMED_OUT, CLIENT_CANCELLED, or CLIENT_GAVE_UP for a job
 *           that stops its own loop
 */
struct client_todo client_on_kill(struct client *c, sim_us now_us,
                                  enum client_outcome outcome);

#endif
