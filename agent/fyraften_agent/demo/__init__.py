"""The demonstration: nine weeks of a made-up person, replayed through the real program.

    script       pure: what the person does, day by day          simulated    the laptop's clock and input
    guard        refuses real sensors                            memory       the consent ledger, marked, never a file
    laptop       the real collector, started and ended           person       answers, approves, agrees
    employer     a real service on this computer                 colleagues   eleven others who report
    sending      the real sender, in a process of its own        page_text    the employer's pages as text
    replay       plays it all, week by week                      telling      what is shown at the end

Nothing here can see what anybody types, write a consent ledger to a file, or send to another computer.
"""
