-- One day at the claims computer.  psql -v day=YYYY-MM-DD -v number=0,1,...

select visits(:'day'::date);

-- Two claims of the month before are corrected.
insert into tbl_sryact (ptid, sryymd, srycd)
select ptid, sryymd, '199900003' from (
	select ptid, min(sryymd) as sryymd from tbl_sryact
	where date_trunc('month', sryymd)
		= date_trunc('month', :'day'::date) - interval '1 month'
	group by ptid order by ptid
) claim
offset :number * 2 limit 2;

-- Some patients' records are touched.
update tbl_ptinf set upymd = :'day'::date + time '09:00'
	+ ptid * interval '10 seconds'
where ptid % 97 = :number;
